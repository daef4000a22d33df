// A handle leads to a file on the person's disk and can be kept, unlike the file itself (File
// System API; where a browser lacks it, the person chooses the file again).
const DATABASE = "bucketpass";
const STORE = "handles";

/** The handle of a dropped item, to be called within the event; null where there is none. */
export function handleOfItem(item) {
  return item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null);
}

/** Keep the handle of the file of an upload. */
export async function keepHandle(uploadId, handle) {
  await inStore("readwrite", (store) => store.put(handle, uploadId));
}

/** Whether there is a handle for the upload. */
export async function hasHandle(uploadId) {
  return await inStore("readonly", (store) => store.count(uploadId)) > 0;
}

/** The file, if the person allows it; null if not, or if it is gone. Needs a click before. */
export async function fileOfUpload(uploadId) {
  const handle = await inStore("readonly", (store) => store.get(uploadId));
  if (!handle || await handle.requestPermission({ mode: "read" }) !== "granted") return null;
  return handle.getFile().catch(() => null);
}

export async function dropHandle(uploadId) {
  await inStore("readwrite", (store) => store.delete(uploadId));
}

/** Do it; undefined where the browser keeps nothing, such as in a private window. */
async function inStore(mode, work) {
  try {
    const database = await answerOf(opened());
    try {
      return await answerOf(work(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
  return request;
}

function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
