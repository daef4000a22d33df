import { element } from "./element.js";

// What a reader cannot see, or what makes them see another order: C0 and C1 controls, zero-width
// and bidirectional marks (UAX 9), fillers, line and paragraph separators, tags, lone surrogates.
const UNSEEN = new RegExp(String.raw`[\p{Cc}\p{Cs}\u00ad\u034f\u061c\u115f\u1160\u180e\u3164\uffa0\u200b-\u200f\u2028-\u202e` +
  String.raw`\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]`, "gu");
// A key may have two slashes in a row.
const NAMELESS = "(no name)";

/** The name with everything unseen written as an escape such as \u202e. */
export function plainName(name) {
  if (name === "") return NAMELESS;
  return name.replace(UNSEEN, escaped);
}

/** The name as an element: text alone, isolated from what stands around it, escapes marked. */
export function shownName(name) {
  if (name === "") return element("bdi", { class: "escape" }, NAMELESS);
  const parts = [];
  let from = 0;
  for (const found of name.matchAll(UNSEEN)) {
    parts.push(name.slice(from, found.index), element("span", { class: "escape" }, escaped(found[0])));
    from = found.index + found[0].length;
  }
  return element("bdi", {}, ...parts, name.slice(from));
}

function escaped(character) {
  const code = character.codePointAt(0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
