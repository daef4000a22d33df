/** So many at a time, the others in the order in which they came. */
export class Slots {
  #free;
  #waiting = [];

  /** @param {number} number */
  constructor(number) {
    this.#free = number;
  }

  /** Run it when a slot is free. */
  async use(work) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
