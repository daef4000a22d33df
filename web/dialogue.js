import { button, element } from "./element.js";

let count = 0;

/**
 * Show a modal dialogue and wait for its end. The browser keeps the focus inside, and gives it back.
 *
 * @param {string} title
 * @param {(Node|string)[]} content
 * @param {{label: string, value: any, kind?: string}[]} choices the first is what Enter does
 * @returns {Promise<any>} the value of the choice, null for Escape
 */
export function ask(title, content, choices) {
  count += 1;
  const id = `dialogue-${count}`;
  return new Promise((resolve) => {
    let answer = null;
    const end = (value) => {
      answer = value;
      dialogue.close();
    };
    const form = element("form", { method: "dialog", on: { submit: (event) => {
      event.preventDefault();
      end(valueOf(choices[0]));
    } } },
    element("h2", { id }, title), ...content,
    element("div", { class: "choices" }, ...choices.map((choice, index) => index === 0
      ? element("button", { type: "submit", class: choice.kind ?? "main" }, choice.label)
      : button(choice.label, () => end(valueOf(choice)), { class: choice.kind ?? "" }))));
    const dialogue = element("dialog", { "aria-labelledby": id, on: { close: () => {
      dialogue.remove();
      resolve(answer);
    } } }, form);
    document.body.append(dialogue);
    dialogue.showModal();
  });
}

/** Close what is open, as Escape does. */
export function closeDialogues() {
  for (const dialogue of document.querySelectorAll("dialog[open]")) dialogue.close();
}

function valueOf({ value }) {
  return typeof value === "function" ? value() : value;
}

/**
 * Ask for one line of text.
 * @param {{value?: string, label: string, note?: string, action: string,
 *   problem?: (text: string) => string}} options `problem` says what is wrong, "" for nothing
 * @returns {Promise<string|null>}
 */
export function askText(title, { value = "", label, note, action, problem = () => "" }) {
  const input = element("input", {
    type: "text", value, autocomplete: "off", spellcheck: "false", required: true,
  });
  const check = () => input.setCustomValidity(problem(input.value));
  input.addEventListener("input", check);
  check();
  queueMicrotask(() => {
    const dot = value.lastIndexOf(".");
    input.setSelectionRange(0, dot > 0 ? dot : value.length);
  });
  return ask(title, [
    element("label", {}, element("span", {}, label), input),
    note ? element("p", { class: "note" }, note) : "",
  ], [{ label: action, value: () => input.value }, { label: "Cancel", value: null }]);
}
