import { button, element } from "./element.js";

const SECONDS = 12;
// More would hide what they are about.
const MOST = 3;

/** Short messages in a live region, each with at most one thing to do about it. */
export class Notices {
  #place;

  /** @param {HTMLElement} place a live region */
  constructor(place) {
    this.#place = place;
  }

  /**
   * Say that something is done, or that it could not be.
   * @param {string} sentence
   * @param {{label: string, run: () => void}} [action]
   * @param {"done"|"problem"} [kind] a problem stays until it is closed
   */
  say(sentence, action, kind = "done") {
    const line = element("p", { class: `notice ${kind}` }, element("span", {}, sentence), " ");
    const close = () => line.remove();
    if (action) line.append(button(action.label, () => { close(); action.run(); }), " ");
    line.append(button("Close", close, { class: "quiet" }));
    this.#place.append(line);
    const lines = this.#place.querySelectorAll(".notice:not(.wait)");
    for (const old of [...lines].slice(0, -MOST)) old.remove();
    if (kind === "done" && !action) setTimeout(close, SECONDS * 1000);
  }

  problem(sentence, action) {
    this.say(sentence, action, "problem");
  }
}
