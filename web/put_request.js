const TRIES = 7;
// A browser sets these itself and lets nobody else.
const FORBIDDEN = new Set(["content-length", "host"]);

/** The storage answered a PUT with something else than success. */
export class PutRefused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`The storage answers ${status}.`);
    this.status = status;
  }
}

/** The connection broke off. */
export class PutBroken extends Error {}

/**
 * PUT a body to a presigned URL. XMLHttpRequest, since fetch does not tell how far a body is.
 * @param {{url: string, headers?: Object<string, string>}} target
 * @param {Blob} body
 * @param {(bytes: number) => void} onBytes told what has gone out since the last time; taken back
 *   as a negative number where it was in vain
 */
export function put(target, body, signal, onBytes) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let sent = 0;
    const move = (to) => {
      onBytes(to - sent);
      sent = to;
    };
    const abort = () => request.abort();
    const fail = (error) => {
      move(0);
      reject(error);
    };
    signal.addEventListener("abort", abort);
    request.open("PUT", target.url);
    for (const [name, value] of Object.entries(target.headers ?? {})) {
      if (!FORBIDDEN.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", (event) => move(Math.min(event.loaded, body.size)));
    request.addEventListener("load", () => {
      if (request.status < 200 || request.status > 299) {
        fail(new PutRefused(request.status));
        return;
      }
      move(body.size);
      resolve();
    });
    request.addEventListener("error", () => fail(new PutBroken("The connection broke off.")));
    request.addEventListener("abort", () => fail(signal.reason));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    else request.send(body);
    if (signal.aborted) fail(signal.reason);
  });
}

/**
 * Try until it is done: again after a broken connection or a busy storage, ever more slowly.
 * @param {(attempt: number) => Promise<void>} work
 * @param {(seconds: number) => void} onWait
 */
export async function persistently(work, signal, onWait) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work(attempt);
      return;
    } catch (error) {
      const isPassing = error instanceof PutBroken || error.status === 429 || error.status >= 500;
      if (!isPassing || attempt === TRIES) throw error;
      const seconds = Math.min(30, 2 ** (attempt - 1));
      onWait(seconds);
      await pause(seconds, signal);
    }
  }
}

/** Wait, though not longer than until the network is back. */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const end = (settle) => {
      clearTimeout(timer);
      removeEventListener("online", online);
      signal.removeEventListener("abort", abort);
      settle();
    };
    const online = () => end(resolve);
    const abort = () => end(() => reject(signal.reason));
    const timer = setTimeout(online, seconds * 1000);
    addEventListener("online", online);
    signal.addEventListener("abort", abort);
  });
}
