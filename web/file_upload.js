import { Refusal } from "./api.js";
import { dropHandle, keepHandle } from "./file_handles.js";
import { numberedKey } from "./overwriting.js";
import { PartUpload } from "./part_upload.js";
import { PutRefused, persistently, put } from "./put_request.js";
import { SignInFailed } from "./sign_in.js";

// A file that S3 would refuse after all of it was sent is worth a question before.
const WORTH_ASKING = 1024 * 1024;
const EXISTS = Symbol("exists");

/** One file on its way to one key: at once or in parts, with pauses, and a question before it
 * replaces anything. */
export class FileUpload {
  #app;
  #files;
  #slots;
  #memory;
  #overwriting;
  #key;
  #file;
  #handle;
  #transfer;
  #replace = false;
  #copies = 1;
  #begun = null;
  #paused = false;

  /**
   * @param {{app, files, slots, memory, overwriting, transfer}} parts `files` is for those on their
   *   way at the same time, `slots` for requests
   * @param {string} key
   * @param {import("./dropped_files.js").Dropped} dropped
   */
  constructor({ app, files, slots, memory, overwriting, transfer }, key, { file, handle }) {
    this.#app = app;
    this.#files = files;
    this.#slots = slots;
    this.#memory = memory;
    this.#overwriting = overwriting;
    this.#key = key;
    this.#file = file;
    this.#handle = handle ?? null;
    this.#transfer = transfer;
    this.#begun = memory.find(key, file) ?? null;
  }

  /** Go as far as possible; true if the object is there. What goes wrong is told in the line. */
  async run() {
    this.#buttons();
    let signal = this.#transfer.signal;
    for (;;) {
      try {
        this.#transfer.say("Waiting");
        // Who stands still, or is asked something, holds up nobody.
        const outcome = await this.#files.use(() => this.#send(signal));
        // An empty folder that is there has all that was wished for.
        if (outcome === EXISTS && !this.#key.endsWith("/")) {
          if (!await this.#decide()) return false;
          continue;
        }
        this.#forget();
        this.#transfer.done();
        return true;
      } catch (error) {
        if (this.#transfer.isDropped) {
          this.#abandon();
          return false;
        }
        if (error instanceof SignInFailed) {
          this.#transfer.paused("Broken off by the end of the sign-in", []);
          throw error;
        }
        const goOn = await this.#stand(error);
        if (!goOn) return false;
        signal = this.#transfer.resumed();
        this.#buttons();
      }
    }
  }

  #target() {
    return this.#copies > 1 ? numberedKey(this.#key, this.#copies) : this.#key;
  }

  async #send(signal) {
    signal.throwIfAborted();
    this.#transfer.say("");
    if (this.#begun) return this.#sendParts(signal, []);
    if (!this.#replace && this.#file.size >= WORTH_ASKING && await this.#exists(signal)) return EXISTS;
    const answer = await this.#app.api.post("/uploads", {
      key: this.#target(), size: this.#file.size,
      ...(this.#file.type ? { contentType: this.#file.type } : {}),
      ...(this.#replace ? {} : { ifNoneMatch: "*" }),
    }, { again: true, signal });
    if (answer.kind === "single") return this.#sendWhole(answer, signal);
    const { key, uploadId, partSize, partCount, parts, complete } = answer;
    this.#begun = { key, uploadId, partSize, partCount, complete,
      size: this.#file.size, modified: this.#file.lastModified };
    this.#memory.remember(this.#begun);
    // For after a reload alone: what goes in now does not wait for it.
    if (this.#handle) keepHandle(uploadId, this.#handle);
    return this.#sendParts(signal, parts);
  }

  async #sendWhole(target, signal) {
    this.#app.trace.add({ method: "PUT", url: target.url, headers: target.headers, signed: true });
    try {
      await this.#slots.use(() => persistently(
        () => put(target, this.#file, signal, (bytes) => this.#transfer.add(bytes)),
        signal, (seconds) => this.#transfer.say(`It broke off; again in ${seconds} s`)));
    } catch (error) {
      if (error instanceof PutRefused && error.status === 412) return EXISTS;
      if (error instanceof PutRefused && error.status === 403) {
        const why = await this.#app.explanation("write", this.#target());
        throw new Error(`The storage refused it. ${why}`, { cause: error });
      }
      throw error;
    }
    return null;
  }

  async #sendParts(signal, parts) {
    await new PartUpload(this.#app, this.#slots, this.#begun, parts, this.#file, this.#transfer).send(signal);
    const { ifNoneMatch, ...rest } = this.#begun.complete;
    const body = this.#replace || !ifNoneMatch ? rest : { ...rest, ifNoneMatch };
    try {
      await this.#app.api.post("/uploads/complete", body, { signal });
    } catch (error) {
      if (error instanceof Refusal && error.status === 412) return EXISTS;
      throw error;
    }
    return null;
  }

  async #exists(signal) {
    const key = this.#target();
    try {
      const page = await this.#app.api.get("/objects", { prefix: key, limit: 1 }, { signal });
      return page.objects.some((object) => object.key === key);
    } catch (error) {
      // Who may write but not list is asked at the end, by If-None-Match.
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  async #decide() {
    const decision = await this.#overwriting.decide(this.#target());
    if (decision === "replace") this.#replace = true;
    if (decision === "both") {
      this.#copies += 1;
      this.#abandon();
    }
    if (decision !== "skip") return true;
    this.#abandon();
    this.#transfer.drop();
    this.#transfer.say("Skipped");
    return false;
  }

  /** Stand still until the person says how it goes on; false for not at all. */
  #stand(error) {
    const text = this.#paused ? "Paused" : error.message;
    this.#paused = false;
    if (error instanceof Refusal && error.code === "no_such_upload") this.#forget();
    return new Promise((resolve) => {
      this.#transfer.paused(text, [
        { label: text === "Paused" ? "Continue" : "Try again", run: () => resolve(true) },
        { label: "Cancel", run: () => { this.#transfer.drop(); this.#abandon(); resolve(false); } },
      ]);
    });
  }

  #buttons() {
    const pause = () => {
      this.#paused = true;
      this.#transfer.say("Pausing …");
      this.#transfer.stop();
    };
    this.#transfer.choices([{ label: "Pause", run: pause }, { label: "Cancel", run: () => this.#transfer.drop() }]);
  }

  #forget() {
    if (this.#begun) {
      this.#memory.forget(this.#begun.uploadId);
      dropHandle(this.#begun.uploadId);
    }
    this.#begun = null;
  }

  /** Let the storage drop what is there of it. */
  #abandon() {
    const begun = this.#begun;
    this.#forget();
    if (begun) abandonUpload(this.#app.api, begun);
  }
}

/** Abort an upload in parts; one that stays behind is ended by the bucket's life cycle. */
export function abandonUpload(api, { key, uploadId }) {
  return api.call("DELETE", "/uploads", { query: { key, uploadId }, again: true }).catch(() => {});
}
