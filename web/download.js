import { element } from "./element.js";
import { objectsBelow } from "./listing.js";
import { counted } from "./measures.js";
import { folderOf, nameOf } from "./object_key.js";
import { readableLinks } from "./object_links.js";
import { plainName } from "./shown_name.js";
import { zipOf } from "./zip.js";

const FRAME_SECONDS = 60;
// Browsers begin one download of a page at a time.
const PAUSE_MS = 300;

/** Takes files and folders out: a file as itself, several one by one, a folder as one archive. */
export class Downloads {
  #app;

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {import("./listing.js").Entry[]} entries */
  async take(entries) {
    if (entries.some((entry) => entry.isFolder)) await this.#takeArchive(entries);
    else await this.#takeFiles(entries);
  }

  async #takeFiles(entries) {
    const { api, trace, notices } = this.#app;
    const links = await readableLinks(api, trace, entries.map(({ key }) => ({ key })));
    const good = links.filter((link) => link.url);
    for (const [index, { url }] of good.entries()) {
      if (index) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      begin(url);
    }
    this.#report(links.filter((link) => link.problem));
    if (good.length > 1) notices.say(`${counted(good.length, "download")} started.`);
  }

  async #takeArchive(entries) {
    const { api, trace, transfers } = this.#app;
    const name = `${entries.length === 1 ? entries[0].name : "files"}.zip`;
    const transfer = transfers.begin(`Download ${plainName(name)}`);
    try {
      const files = await this.#filesOf(entries, transfer.signal);
      transfer.size(files.reduce((sum, file) => sum + file.size, 0));
      const failed = [];
      const archive = await zipOf(files, async (file) => {
        const [link] = await readableLinks(api, trace, [{ key: file.key }]);
        if (link.problem) {
          failed.push(link);
          return null;
        }
        return bytesOf(link.url, transfer);
      });
      save(archive, name);
      transfer.done();
      this.#report(failed);
    } catch (error) {
      transfer.failed(error, () => this.take(entries));
    }
  }

  /** Every object that is meant, with its name within the archive. */
  async #filesOf(entries, signal) {
    const files = [];
    for (const entry of entries) {
      const above = folderOf(entry.key);
      if (!entry.isFolder) {
        files.push({ ...entry, path: entry.name });
        continue;
      }
      for await (const object of objectsBelow(this.#app.api, entry.key, signal)) {
        if (object.key.endsWith("/")) continue;
        files.push({
          key: object.key, size: object.size, modified: new Date(object.lastModified),
          path: object.key.slice(above.length),
        });
      }
    }
    return files;
  }

  #report(failed) {
    if (failed.length) this.#app.reportProblems("Some could not be downloaded", failed);
  }
}

/** Start the browser's download of a URL whose answer is an attachment. */
function begin(url) {
  // Of its own frame: the page stays where it is whatever the answer turns out to be.
  const frame = element("iframe", { src: url, class: "unseen", title: "Download", "aria-hidden": "true",
    tabindex: -1, referrerpolicy: "no-referrer", sandbox: "allow-downloads" });
  document.body.append(frame);
  setTimeout(() => frame.remove(), FRAME_SECONDS * 1000);
}

async function bytesOf(url, transfer) {
  const answer = await fetch(url, { signal: transfer.signal, referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`The storage answers ${answer.status}.`);
  const blob = await answer.blob();
  transfer.add(blob.size);
  return blob;
}

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  element("a", { href: url, download: nameOf(name) }).click();
  setTimeout(() => URL.revokeObjectURL(url), FRAME_SECONDS * 1000);
}
