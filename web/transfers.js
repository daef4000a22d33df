import { button, element } from "./element.js";
import { durationText, sizeText } from "./measures.js";

const WINDOW_MS = 8000;

/** Everything that is on its way, each with its progress, and all of it together. */
export class Transfers {
  #list = element("ul", {});
  #total = element("p", { class: "total" });
  #bar = element("progress", { "aria-label": "All transfers", max: 1, value: 0 });
  #all = new Set();
  #samples = [];
  #moved = 0;
  #ticker = 0;

  constructor() {
    this.root = element("section", { class: "transfers", "aria-label": "Transfers", hidden: true },
      element("div", { class: "head" }, element("h2", {}, "Transfers"), this.#total,
        button("Clear finished", () => this.#clear(), { class: "quiet" })), this.#bar, this.#list);
    addEventListener("beforeunload", (event) => {
      if (this.isBusy) event.preventDefault();
    });
  }

  get isBusy() {
    return [...this.#all].some((transfer) => transfer.isRunning);
  }

  /** A new line; it is the caller who moves it on. */
  begin(title, size = 0) {
    const transfer = new Transfer(title, size, (bytes) => this.#add(bytes), () => this.#changed());
    this.#all.add(transfer);
    this.#list.prepend(transfer.root);
    this.root.hidden = false;
    this.#changed();
    return transfer;
  }

  #add(bytes) {
    this.#moved += bytes;
    this.#changed();
  }

  #changed() {
    this.#ticker ||= setTimeout(() => {
      this.#ticker = 0;
      this.#show();
      if (this.isBusy) this.#changed();
    }, 250);
  }

  #show() {
    const running = [...this.#all].filter((transfer) => !transfer.isDropped);
    const size = running.reduce((sum, transfer) => sum + transfer.bytes, 0);
    const there = running.reduce((sum, transfer) => sum + transfer.there, 0);
    this.#bar.max = Math.max(1, size);
    this.#bar.value = there;
    this.#total.textContent = this.isBusy
      ? `${sizeText(there)} of ${sizeText(size)}${this.#pace(size - there)}` : "All done";
  }

  #pace(left) {
    const now = Date.now();
    this.#samples = [...this.#samples, { now, moved: this.#moved }]
      .filter((sample) => now - sample.now < WINDOW_MS);
    const first = this.#samples[0];
    const seconds = (now - first.now) / 1000;
    const speed = seconds > 0.5 ? (this.#moved - first.moved) / seconds : 0;
    return speed > 0 ? `, ${sizeText(speed)}/s, ${durationText(left / speed)} left` : "";
  }

  #clear() {
    for (const transfer of this.#all) {
      if (!transfer.isRunning && !transfer.canGoOn) {
        transfer.root.remove();
        this.#all.delete(transfer);
      }
    }
    this.root.hidden = this.#all.size === 0;
    this.#show();
  }
}

/** One line: its title, its progress, what can be done about it. */
class Transfer {
  bytes;
  there = 0;
  isRunning = true;
  canGoOn = false;
  isDropped = false;
  #abort = new AbortController();
  #on;
  #changed;
  #bar;
  #state = element("span", { class: "state", role: "status" });
  #buttons = element("span", { class: "buttons" });

  constructor(title, size, onBytes, onChange) {
    this.title = title;
    this.bytes = size;
    this.#on = onBytes;
    this.#changed = onChange;
    this.#bar = element("progress", { "aria-label": title, max: Math.max(1, size), value: 0 });
    // Of what has no size in bytes, the bar only says that it goes on.
    if (size === 0) this.#bar.removeAttribute("value");
    this.root = element("li", {}, element("span", { class: "title" }, title),
      this.#bar, this.#state, this.#buttons);
    this.choices([{ label: "Cancel", run: () => this.drop() }]);
  }

  get signal() {
    return this.#abort.signal;
  }

  size(bytes) {
    this.bytes = bytes;
    this.#bar.max = Math.max(1, bytes);
  }

  /** So many bytes more are there, or fewer if what was on its way got lost. */
  add(bytes) {
    this.there += bytes;
    if (this.bytes > 0) this.#bar.value = this.there;
    if (bytes > 0) this.#on(bytes);
  }

  /** Say where it stands. */
  say(text) {
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }

  /** @param {{label: string, run: () => void}[]} choices */
  choices(choices) {
    this.#buttons.replaceChildren(...choices.map(({ label, run }) =>
      button(label, run, { "aria-label": `${label}: ${this.title}`, class: "quiet" })));
  }

  done(text = "Done") {
    this.add(this.bytes - this.there);
    // An empty file is a whole one, too.
    this.#bar.value = this.#bar.max;
    this.#end(text, []);
  }

  /** It stands still until somebody lets it go on. */
  paused(text, choices) {
    this.isRunning = false;
    this.canGoOn = true;
    this.root.className = "paused";
    this.say(text);
    this.choices(choices);
    this.#changed();
  }

  /** It goes on. */
  resumed() {
    this.#abort = new AbortController();
    this.isRunning = true;
    this.canGoOn = false;
    this.root.className = "";
    this.say("");
    this.#changed();
    return this.signal;
  }

  failed(error, again) {
    if (this.isDropped) return;
    this.root.className = "failed";
    const run = () => {
      this.drop();
      this.root.remove();
      again();
    };
    this.#end(error.message, again ? [{ label: "Try again", run }] : []);
  }

  /** Give it up. */
  drop() {
    this.isDropped = true;
    this.#abort.abort();
    this.#end("Cancelled", []);
  }

  /** Stop what is on its way, to go on later. */
  stop() {
    this.#abort.abort();
  }

  #end(text, choices) {
    this.isRunning = this.canGoOn = false;
    if (!this.#bar.hasAttribute("value")) this.#bar.value = 0;
    this.say(text);
    this.choices(choices);
    this.#changed();
  }
}
