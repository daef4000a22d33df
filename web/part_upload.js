import { PutRefused, persistently, put } from "./put_request.js";

const URLS_AT_ONCE = 50;

/** The parts of one upload on their way: four at a time of all uploads, each tried again alone. */
export class PartUpload {
  #app;
  #slots;
  #begun;
  #file;
  #transfer;
  #urls = new Map();
  #signing = null;
  #left = [];

  /**
   * @param {import("./upload_memory.js").Begun} begun
   * @param {{partNumber: number, url: string}[]} parts the first URLs, if they are known
   */
  constructor(app, slots, begun, parts, file, transfer) {
    this.#app = app;
    this.#slots = slots;
    this.#begun = begun;
    this.#file = file;
    this.#transfer = transfer;
    for (const part of parts) this.#urls.set(part.partNumber, part);
  }

  /** Send what is not there yet. */
  async send(signal) {
    const there = this.#urls.size ? new Set() : await this.#partsThere(signal);
    const numbers = Array.from({ length: this.#begun.partCount }, (_, index) => index + 1);
    this.#left = numbers.filter((number) => !there.has(number));
    const sent = [...there].reduce((sum, number) => sum + this.#slice(number).size, 0);
    this.#transfer.add(sent - this.#transfer.there);
    // One that fails for good ends the others, too.
    const group = new AbortController();
    const both = AbortSignal.any([signal, group.signal]);
    const workers = Array.from({ length: 4 }, () => this.#work(both));
    try {
      await Promise.all(workers);
    } catch (error) {
      group.abort(error);
      await Promise.allSettled(workers);
      throw error;
    }
  }

  async #work(signal) {
    while (this.#left.length) {
      await this.#slots.use(async () => {
        const number = this.#left.shift();
        if (number !== undefined) await this.#sendPart(number, signal);
      });
    }
  }

  async #sendPart(number, signal) {
    await persistently(async (attempt) => {
      const target = await this.#target(number, signal);
      if (attempt > 1) this.#transfer.say("");
      try {
        this.#app.trace.add({ method: "PUT", url: target.url, signed: true });
        await put(target, this.#slice(number), signal, (bytes) => this.#transfer.add(bytes));
      } catch (error) {
        // Its URL may have ended; the next one is a new one.
        this.#urls.delete(number);
        if (error instanceof PutRefused && error.status === 403 && attempt === 1) error.status = 503;
        throw error;
      }
    }, signal, (seconds) => this.#transfer.say(`Part ${number} broke off; again in ${seconds} s`));
  }

  #slice(number) {
    const from = (number - 1) * this.#begun.partSize;
    return this.#file.slice(from, Math.min(from + this.#begun.partSize, this.#begun.size));
  }

  async #target(number, signal) {
    while (!this.#urls.has(number)) {
      this.#signing ??= this.#sign(number, signal).finally(() => {
        this.#signing = null;
      });
      await this.#signing;
    }
    return this.#urls.get(number);
  }

  async #sign(number, signal) {
    const { key, uploadId, size } = this.#begun;
    const partNumbers = [number, ...this.#left.filter((other) => other > number)].slice(0, URLS_AT_ONCE);
    const answer = await this.#app.api.post("/uploads/parts",
      { key, uploadId, size, partNumbers }, { again: true, signal });
    for (const part of answer.parts) this.#urls.set(part.partNumber, part);
  }

  async #partsThere(signal) {
    const { key, uploadId } = this.#begun;
    const there = new Set();
    let cursor;
    do {
      const page = await this.#app.api.get("/uploads/parts", { key, uploadId, cursor }, { signal });
      for (const part of page.parts) {
        if (part.size === this.#slice(part.partNumber).size) there.add(part.partNumber);
      }
      cursor = page.cursor;
    } while (cursor);
    return there;
  }
}
