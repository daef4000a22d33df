import { ask } from "./dialogue.js";
import { element } from "./element.js";
import { nameOf } from "./object_key.js";
import { plainName } from "./shown_name.js";

/** What to do about files that are there already: asked one by one, or once for all of a batch. */
export class Overwriting {
  #forAll = null;
  #asking = Promise.resolve();

  /** @returns {Promise<"replace"|"both"|"skip">} */
  decide(key) {
    // One question at a time, though several uploads may come to it at once.
    const answer = this.#asking.then(() => this.#forAll ?? this.#ask(key));
    this.#asking = answer;
    return answer;
  }

  async #ask(key) {
    const all = element("input", { type: "checkbox" });
    const answer = await ask(`${plainName(nameOf(key))} is there already`, [
      element("p", {}, "Where the bucket keeps versions, a replaced file can be had back for a while."),
      element("label", { class: "check" }, all, " Do the same with all others"),
    ], [
      { label: "Keep both", value: "both" },
      { label: "Replace", value: "replace", kind: "risky" },
      { label: "Skip", value: "skip" },
    ]) ?? "skip";
    if (all.checked) this.#forAll = answer;
    return answer;
  }
}

/** The key with a number in its name: `a (2).txt`. */
export function numberedKey(key, number) {
  const slash = key.lastIndexOf("/") + 1;
  const dot = key.lastIndexOf(".");
  const at = dot > slash ? dot : key.length;
  return `${key.slice(0, at)} (${number})${key.slice(at)}`;
}
