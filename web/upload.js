import { Refusal } from "./api.js";
import { ask } from "./dialogue.js";
import { chosenFiles, droppedFiles } from "./dropped_files.js";
import { element } from "./element.js";
import { dropHandle, fileOfUpload, hasHandle } from "./file_handles.js";
import { abandonUpload, FileUpload } from "./file_upload.js";
import { folderOf, nameOf } from "./object_key.js";
import { Overwriting } from "./overwriting.js";
import { plainName } from "./shown_name.js";
import { Slots } from "./slots.js";
import { isOf, UploadMemory } from "./upload_memory.js";

const AT_ONCE = 4;
// Of so many files a folder view need not be fetched anew for each.
const REFRESH_MS = 2000;

/** Puts files in: by a drop, by a button, and again those that a reload broke off. */
export class Uploads {
  #app;
  #slots = new Slots(AT_ONCE);
  #files = new Slots(AT_ONCE);
  #remembered = new Map();

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.#app = app;
    // Beside the folder a drop does nothing, or the browser would leave the page for the file. And
    // where what is under the pointer has just changed, it asks "dragenter" alone whether one may drop.
    for (const kind of ["dragenter", "dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  }

  /** Let files and folders be dropped there, to go below the prefix. */
  acceptDrops(target, prefix) {
    // An element that goes while files are above it never tells that they left it. They are above
    // the one that they entered last; leaving that without entering another is leaving the target.
    let below = null;
    const mark = (element) => {
      below = element;
      target.classList.toggle("dropping", element !== null && this.#app.may("write", prefix));
    };
    target.addEventListener("dragenter", (event) => {
      if (event.dataTransfer.types.includes("Files")) mark(event.target);
    });
    target.addEventListener("dragleave", (event) => {
      if (event.target === below) mark(null);
    });
    target.addEventListener("drop", (event) => {
      mark(null);
      if (event.dataTransfer.types.includes("Files")) this.#drop(droppedFiles(event.dataTransfer), prefix);
    });
  }

  /** Let the person choose files, or a folder. */
  choose(prefix, { folder = false } = {}) {
    const input = element("input", { type: "file", multiple: !folder, webkitdirectory: folder });
    input.addEventListener("change", () => this.put(chosenFiles(input), prefix));
    input.click();
  }

  /** Show what a reload broke off. */
  recall() {
    for (const line of this.#remembered.values()) line.root.remove();
    this.#remembered.clear();
    for (const begun of this.#memory.all()) this.#recall(begun);
  }

  /** Upload the files below the prefix. */
  async put(dropped, prefix) {
    const overwriting = new Overwriting();
    let refreshed = Date.now();
    await Promise.all(dropped.map(async (one) => {
      const { file, path } = one;
      const key = prefix + path;
      const transfer = this.#app.transfers.begin(plainName(path), file.size);
      this.#replaceRemembered(key, file);
      await this.#upload(key, one, transfer, overwriting);
      if (Date.now() - refreshed > REFRESH_MS) {
        refreshed = Date.now();
        await this.#app.changed(prefix);
      }
    }));
    await this.#app.changed(prefix);
  }

  get #memory() {
    return new UploadMemory(this.#app.me.identityId);
  }

  #drop(coming, prefix) {
    this.#app.guarded(async () => {
      const files = await coming;
      if (!this.#app.may("write", prefix)) {
        const refusal = new Refusal({ status: 403, code: "access_denied", detail: "Nothing can be put here." });
        await this.#app.refused(refusal, "write", prefix);
        return;
      }
      await this.put(files, prefix);
    });
  }

  #upload(key, dropped, transfer, overwriting) {
    const parts = {
      app: this.#app, files: this.#files, slots: this.#slots, memory: this.#memory, overwriting, transfer,
    };
    return new FileUpload(parts, key, dropped).run();
  }

  async #recall(begun) {
    const transfer = this.#app.transfers.begin(plainName(nameOf(begun.key)), begun.size);
    this.#remembered.set(begun.uploadId, transfer);
    const choose = { label: "Choose file", run: () => this.#chooseAgain(begun) };
    const discard = { label: "Discard", run: () => this.#discard(begun) };
    transfer.paused("Broken off. Choose or drop the file again to go on.", [choose, discard]);
    if (await hasHandle(begun.uploadId)) {
      const goOn = { label: "Continue", run: () => this.#app.guarded(() => this.#goOn(begun)) };
      transfer.paused("Broken off", [goOn, choose, discard]);
    }
  }

  #chooseAgain(begun) {
    const input = element("input", { type: "file" });
    input.addEventListener("change", () => this.#app.guarded(() => this.#putAgain(begun, input.files[0])));
    input.click();
  }

  async #goOn(begun) {
    const file = await fileOfUpload(begun.uploadId);
    if (file) await this.#putAgain(begun, file);
    else this.#chooseAgain(begun);
  }

  async #putAgain(begun, file) {
    if (!isOf(begun, file)) {
      await ask("Another file", [
        element("p", {}, "This is not the file whose upload was broken off: size or date differ."),
      ], [{ label: "Close", value: null }]);
      return;
    }
    await this.put([{ file, path: nameOf(begun.key) }], folderOf(begun.key));
  }

  #discard(begun) {
    this.#memory.forget(begun.uploadId);
    dropHandle(begun.uploadId);
    this.#remembered.get(begun.uploadId)?.drop();
    abandonUpload(this.#app.api, begun);
  }

  #replaceRemembered(key, file) {
    const begun = this.#memory.find(key, file);
    this.#remembered.get(begun?.uploadId)?.root.remove();
  }
}
