/**
 * A DOM element. Texts among the children become text nodes, never HTML.
 *
 * @param {string} tag
 * @param {Object<string, any>} [attributes] `on` maps events to listeners; an attribute of
 *   undefined, null or false is left out, of true is empty.
 * @param {...(Node|string|null|undefined)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value !== undefined && value !== null && value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A button of type button. */
export function button(label, listener, attributes = {}) {
  return element("button", { type: "button", on: { click: listener }, ...attributes }, label);
}
