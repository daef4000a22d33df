import { button, element } from "./element.js";

const SENTENCES = {
  busy: "The service is busy.",
  offline: "The service cannot be reached.",
};

/** Waiting for a service that is busy or out of reach, told in one calm line with a way to hurry. */
export class Patience {
  #place;
  #waiters = new Set();
  #line = null;
  #ticker = 0;

  /** @param {HTMLElement} place a live region */
  constructor(place) {
    this.#place = place;
    addEventListener("online", () => this.#hurry());
  }

  /**
   * Wait so long, or until the person or the network hurries.
   * @param {"busy"|"offline"} reason
   */
  wait(reason, seconds, signal) {
    return new Promise((resolve, reject) => {
      const waiter = { reason, until: Date.now() + seconds * 1000, resolve: () => end(resolve) };
      const abort = () => end(() => reject(signal.reason));
      const end = (settle) => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", abort);
        this.#show();
        settle();
      };
      signal?.addEventListener("abort", abort);
      this.#waiters.add(waiter);
      this.#show();
    });
  }

  /** The service answered: nobody has to wait for the network any more. */
  reached() {
    for (const waiter of [...this.#waiters]) if (waiter.reason === "offline") waiter.resolve();
  }

  #hurry() {
    for (const waiter of [...this.#waiters]) waiter.resolve();
  }

  #show() {
    clearTimeout(this.#ticker);
    const first = [...this.#waiters].sort((a, b) => a.until - b.until)[0];
    if (!first) {
      this.#line?.remove();
      this.#line = null;
      return;
    }
    const left = Math.max(0, Math.ceil((first.until - Date.now()) / 1000));
    if (left === 0) {
      first.resolve();
      return;
    }
    this.#tell(first.reason, left);
    this.#ticker = setTimeout(() => this.#show(), 1000 - (Date.now() % 1000 || 0) + 5);
  }

  #tell(reason, left) {
    if (this.#line === null) {
      // The countdown is for the eyes; the region tells the sentence once.
      this.#line = element("p", { class: "notice wait" },
        element("span"), " ", element("span", { "aria-hidden": "true" }), " ",
        button("Try now", () => this.#hurry()));
      this.#place.append(this.#line);
    }
    const [sentence, countdown] = this.#line.querySelectorAll("span");
    if (sentence.textContent !== SENTENCES[reason]) sentence.textContent = SENTENCES[reason];
    countdown.textContent = `Trying again in ${left} s.`;
  }
}
