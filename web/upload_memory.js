const PLACE = "bucketpass.uploads";

/**
 * @typedef {{owner: string, key: string, uploadId: string, size: number, modified: number,
 *   partSize: number, partCount: number, complete: object}} Begun
 * An upload in parts that has begun; `owner` is the identity id of whoever did.
 */

/** Which uploads have begun, kept over a reload. No secret: without a token it opens nothing. */
export class UploadMemory {
  #owner;

  /** @param {string} owner */
  constructor(owner) {
    this.#owner = owner;
  }

  /** @returns {Begun[]} */
  all() {
    return read().filter((begun) => begun.owner === this.#owner);
  }

  /** The upload of this very file to this key, undefined if there is none. */
  find(key, file) {
    return this.all().find((begun) => begun.key === key && isOf(begun, file));
  }

  remember(begun) {
    write([...read().filter((other) => other.uploadId !== begun.uploadId), { ...begun, owner: this.#owner }]);
  }

  forget(uploadId) {
    write(read().filter((begun) => begun.uploadId !== uploadId));
  }
}

/** Whether the file is the one whose upload began, as far as a browser can tell. */
export function isOf(begun, file) {
  return begun.size === file.size && begun.modified === file.lastModified;
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? [];
  } catch {
    return [];
  }
}

function write(all) {
  localStorage.setItem(PLACE, JSON.stringify(all));
}
