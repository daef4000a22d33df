import { handleOfItem } from "./file_handles.js";

/**
 * @typedef {{file: File, path: string, handle?: FileSystemFileHandle|null}} Dropped
 * `path` is relative to where it was dropped, with the names of the folders around the file. One
 * that ends in a slash is an empty folder, whose `file` is empty, too.
 * `handle` finds the file again after a reload.
 */

/**
 * The files of a drop, those in folders and empty folders included. To be called within the event, or the browser
 * has taken them away.
 * @param {DataTransfer} transfer
 * @returns {Promise<Dropped[]>}
 */
export async function droppedFiles(transfer) {
  const items = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? item.getAsFile(), handle: handleOfItem(item) }));
  const found = await Promise.all(items.map(async ({ entry, handle }) => {
    if (entry instanceof File) return [{ file: entry, path: entry.name }];
    if (!entry.isFile) return filesOf(entry);
    const [dropped] = await filesOf(entry);
    return [{ ...dropped, handle: await handle }];
  }));
  return found.flat();
}

/** The files of an input, which may be one for folders. */
export function chosenFiles(input) {
  return [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

async function filesOf(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path }];
  }
  const found = [];
  const reader = entry.createReader();
  for (let some = await entriesOf(reader); some.length; some = await entriesOf(reader)) {
    for (const child of some) found.push(...await filesOf(child));
  }
  // Nothing in it would tell that it is there.
  return found.length ? found : [{ file: new File([], entry.name), path: `${path}/` }];
}

/** Some of the entries; none when all were given. */
function entriesOf(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}
