import { Refusal } from "./api.js";

// A batch of /links has at most 100 items, and each object takes two.
const BATCH = 50;
const LEAST_SECONDS = 300;
// Nobody waits for a look at a file for ever, and the URLs end.
const ATTEMPTS = 3;
const GONE = new Refusal({ status: 404, code: "no_such_key", detail: "The file is not there any more." });

/**
 * Presigned URLs to read objects, and whether S3 gives them to this person.
 * @param {import("./api.js").Api} api
 * @param {{key: string, disposition?: string, contentType?: string}[]} wanted
 * @returns {Promise<{key: string, url?: string, problem?: Error}[]>}
 */
export async function readableLinks(api, trace, wanted) {
  const links = [];
  for (let from = 0; from < wanted.length; from += BATCH) {
    links.push(...await linksOfBatch(api, trace, wanted.slice(from, from + BATCH)));
  }
  return links;
}

async function linksOfBatch(api, trace, wanted) {
  const items = wanted.flatMap((item) => [
    { method: "GET", expiresIn: LEAST_SECONDS, ...item },
    { method: "HEAD", key: item.key, expiresIn: LEAST_SECONDS },
  ]);
  const answer = await api.post("/links", { items, minTtl: LEAST_SECONDS }, { again: true });
  return Promise.all(wanted.map(async ({ key }, index) => {
    const [get, head] = answer.items.slice(2 * index, 2 * index + 2);
    const problem = get.problem ?? head.problem;
    if (problem) return { key, problem: new Refusal(problem) };
    const refusal = await refusalAt(api, head.url);
    if (refusal) return { key, problem: await isGone(api, key, refusal) ? GONE : refusal };
    trace.add({ method: "GET", url: get.url, signed: true });
    return { key: get.key, url: get.url };
  }));
}

/** The storage tells who may not list the whole bucket nothing of what lacks; a listing does. */
async function isGone(api, key, { status }) {
  if (status !== 403) return false;
  const page = await api.get("/objects", { prefix: key, limit: 1 }).catch(() => null);
  return page !== null && !page.objects.some((object) => object.key === key);
}

/** What S3 has against the URL, null for nothing. A signed URL says nothing about rights. */
async function refusalAt(api, url) {
  let answer;
  for (let attempt = 1; ; attempt += 1) {
    try {
      answer = await fetch(url, { method: "HEAD", referrerPolicy: "no-referrer" });
    } catch {
      return new Refusal({ code: "unreachable", detail: "The storage cannot be reached." });
    }
    if (attempt === ATTEMPTS || !await api.busy(answer, attempt)) break;
  }
  if (answer.ok) return null;
  if (answer.status === 404) return GONE;
  if (answer.status === 429 || answer.status >= 500) {
    return new Refusal({ status: answer.status, code: "storage_busy", title: "The storage is busy",
      detail: "The storage has no time at the moment. Try again in a while." });
  }
  return new Refusal({ status: answer.status, code: "access_denied", detail: "The storage refused it." });
}
