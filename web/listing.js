import { endingOf } from "./media_type.js";
import { nameOf } from "./object_key.js";

const PAGE_SIZE = 1000;

/**
 * @typedef {{key: string, name: string, isFolder: boolean, size: number, modified: Date|null,
 *   type: string}} Entry
 * @typedef {{by: "name"|"size"|"modified"|"type", descending: boolean}} Order
 */

/** What stands in one folder, fetched page by page as it is asked for. */
export class Listing {
  /** @type {Entry[]} */
  entries = [];
  /** The key of the listed prefix, as the service wrote it. */
  prefix;
  isComplete = false;
  #api;
  #cursor;
  #next = null;
  #abort = new AbortController();

  /**
   * @param {import("./api.js").Api} api
   * @param {string} prefix
   */
  constructor(api, prefix) {
    this.#api = api;
    this.prefix = prefix;
  }

  /** Fetch the next page, if there is one; callers at the same time share it. */
  more() {
    if (this.isComplete) return Promise.resolve();
    this.#next ??= this.#fetchPage().finally(() => {
      this.#next = null;
    });
    return this.#next;
  }

  /** Fetch all that is left, telling after each page. */
  async all(onPage = () => {}) {
    while (!this.isComplete) {
      await this.more();
      onPage();
    }
  }

  /** Ask for nothing any more. */
  end() {
    this.#abort.abort();
  }

  async #fetchPage() {
    const page = await this.#api.get("/objects", {
      prefix: this.prefix, delimiter: "/", limit: PAGE_SIZE, cursor: this.#cursor,
    }, { signal: this.#abort.signal });
    this.#cursor = page.cursor;
    this.isComplete = page.cursor === null;
    this.entries = this.entries.concat(
      page.prefixes.map(folderEntry),
      // A folder that was made empty is an object of its own name.
      page.objects.filter((object) => object.key !== this.prefix).map(fileEntry),
    );
  }
}

/** The entries that hold the text, folders first, in that order. */
export function arranged(entries, order, text) {
  const wanted = text.toLocaleLowerCase();
  const found = wanted
    ? entries.filter((entry) => entry.name.toLocaleLowerCase().includes(wanted))
    : [...entries];
  const compare = COMPARE[order.by];
  const sign = order.descending ? -1 : 1;
  return found.sort((a, b) =>
    b.isFolder - a.isFolder || sign * (compare(a, b) || byText(a.name, b.name)));
}

/** Every object below a prefix, page by page. */
export async function* objectsBelow(api, prefix, signal) {
  let cursor;
  do {
    const page = await api.get("/objects", { prefix, limit: PAGE_SIZE, cursor }, { signal });
    yield* page.objects;
    cursor = page.cursor;
  } while (cursor);
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true });
const byText = (a, b) => COLLATOR.compare(a, b);
const COMPARE = {
  name: (a, b) => byText(a.name, b.name),
  size: (a, b) => a.size - b.size,
  modified: (a, b) => (a.modified ?? 0) - (b.modified ?? 0),
  type: (a, b) => byText(a.type, b.type),
};

function folderEntry(key) {
  return { key, name: nameOf(key), isFolder: true, size: 0, modified: null, type: "Folder" };
}

export function fileEntry({ key, size, lastModified }) {
  const name = nameOf(key);
  const type = endingOf(name).toUpperCase() || "File";
  return { key, name, isFolder: false, size, modified: new Date(lastModified), type };
}
