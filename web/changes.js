import { Refusal } from "./api.js";
import { counted } from "./measures.js";
import { folderOf, nameOf, pathOf } from "./object_key.js";
import { plainName } from "./shown_name.js";

const KEYS_AT_ONCE = 1000;
const COPIES_AT_ONCE = 100;

/**
 * Changes of whole entries, a folder's object by object, told as they go on.
 * @param {import("./app.js").App} app
 */
export function changesOf(app) {
  return {
    makeFolder: (prefix) => makeFolder(app, prefix),
    transfer: (pairs, move) => transfer(app, pairs, move),
    remove: (keys) => remove(app, keys),
    keepsVersions: (key) => keepsVersions(app, key),
  };
}

/** Whether the bucket keeps what is deleted; one that never did calls its only version "null". */
async function keepsVersions(app, key) {
  const of = key.endsWith("/") ? { prefix: key } : { key };
  const page = await app.api.get("/versions", { ...of, limit: 1 }).catch(() => null);
  return page !== null && page.versions.length > 0 && page.versions[0].versionId !== "null";
}

async function makeFolder(app, prefix) {
  try {
    await app.api.call("PUT", `/objects/${pathOf(prefix)}`, { headers: { "If-None-Match": "*" } });
  } catch (error) {
    // It is there: that was the wish.
    if (!(error instanceof Refusal) || error.status !== 412) throw error;
  }
  await app.changed(folderOf(prefix));
}

async function transfer(app, pairs, move) {
  const verb = move ? "Moved" : "Copied";
  const line = app.transfers.begin(`${move ? "Move" : "Copy"} ${titleOf(pairs.map(({ from }) => from))}`);
  const report = new Report(line);
  await followed(app, line, async () => {
    const files = pairs.filter(({ from }) => !from.endsWith("/"));
    for (let at = 0; at < files.length; at += COPIES_AT_ONCE) {
      await copyItems(app, files.slice(at, at + COPIES_AT_ONCE), move, report, line.signal);
    }
    for (const { from, to } of pairs.filter((pair) => pair.from.endsWith("/"))) {
      await copyPrefix(app, from, to, move, report, line.signal);
    }
  });
  await app.changed(...new Set(pairs.flatMap(({ from, to }) => [folderOf(from), folderOf(to)])));
  await tell(app, verb, report, line);
}

async function copyItems(app, pairs, move, report, signal) {
  let items = pairs.map(({ from, to }) => ({ from, to, move, ifNoneMatch: "*" }));
  while (items.length) {
    const answer = await app.api.post("/copies", { items }, { signal });
    items = answer.items.flatMap((item, index) => {
      // A large object is copied in parts, as many as there is time for.
      if (item.cursor) return [{ ...items[index], cursor: item.cursor }];
      report.add(item.from, item);
      return [];
    });
  }
}

async function copyPrefix(app, fromPrefix, toPrefix, move, report, signal) {
  let cursor;
  do {
    const body = { fromPrefix, toPrefix, move, ifNoneMatch: "*", ...(cursor ? { cursor } : {}) };
    const page = await app.api.post("/copies", body, { signal });
    for (const item of page.items) if (item.partCount === undefined) report.add(item.from, item);
    cursor = page.cursor;
  } while (cursor);
}

async function remove(app, keys) {
  const line = app.transfers.begin(`Delete ${titleOf(keys)}`);
  const report = new Report(line);
  await followed(app, line, async () => {
    const files = keys.filter((key) => !key.endsWith("/"));
    for (let at = 0; at < files.length; at += KEYS_AT_ONCE) {
      const body = { keys: files.slice(at, at + KEYS_AT_ONCE) };
      const answer = await app.api.post("/deletions", body, { again: true, signal: line.signal });
      for (const item of answer.items) report.add(item.key, item);
    }
    for (const prefix of keys.filter((key) => key.endsWith("/"))) {
      await removePrefix(app, prefix, report, line.signal);
    }
  });
  const shown = [...new Set(keys.map(folderOf))];
  await app.changed(...shown);
  await tell(app, "Deleted", report, line, report.done.length ? {
    label: "Undo", run: () => app.guarded(() => restore(app, keys, report.done, shown)),
  } : undefined);
}

async function removePrefix(app, prefix, report, signal) {
  let cursor;
  do {
    const body = { prefix, ...(cursor ? { cursor } : {}) };
    const page = await app.api.post("/deletions", body, { again: true, signal });
    for (const item of page.items) report.add(item.key, item);
    cursor = page.cursor;
  } while (cursor);
}

/** Bring back the newest version of each key that is no mark of its deletion, where nothing stands. */
async function restore(app, roots, keys, shown) {
  const line = app.transfers.begin(`Undo: ${titleOf(keys)}`);
  const report = new Report(line);
  await followed(app, line, async () => {
    const versions = await newestVersions(app, roots, new Set(keys), line.signal);
    const wanted = [];
    for (const key of keys) {
      const newest = versions.get(key);
      if (!newest) report.add(key, { problem: { detail: "There is no earlier version of it." } });
      // A version that is the latest is none that was deleted: it came afterwards.
      else if (newest.isLatest) report.add(key, { problem: { detail: "Something newer is there; it was left alone." } });
      else wanted.push({ key, versionId: newest.versionId });
    }
    for (let at = 0; at < wanted.length; at += COPIES_AT_ONCE) {
      let items = wanted.slice(at, at + COPIES_AT_ONCE);
      while (items.length) {
        const answer = await app.api.post("/restorations", { items }, { signal: line.signal });
        items = answer.items.flatMap((item, index) => {
          if (item.cursor) return [{ ...items[index], cursor: item.cursor }];
          report.add(item.key, item);
          return [];
        });
      }
    }
  });
  await app.changed(...shown);
  await tell(app, "Brought back", report, line);
}

/** The newest version of each key that is no mark of its deletion. */
async function newestVersions(app, roots, keys, signal) {
  const newest = new Map();
  for (const root of roots) {
    const of = root.endsWith("/") ? { prefix: root } : { key: root };
    let cursor;
    do {
      const page = await app.api.get("/versions", { ...of, limit: 1000, cursor }, { signal });
      for (const version of page.versions) {
        const isWanted = keys.has(version.key) && !version.deleted;
        if (isWanted && !newest.has(version.key)) newest.set(version.key, version);
      }
      cursor = page.cursor;
    } while (cursor);
  }
  return newest;
}

/** What became of each key. */
class Report {
  done = [];
  failed = [];
  #line;

  constructor(line) {
    this.#line = line;
  }

  add(key, item) {
    if (item.problem) this.failed.push({ key, problem: item.problem });
    else this.done.push(key);
    this.#line.say(`${counted(this.done.length, "object")} so far`);
  }
}

async function followed(app, line, work) {
  try {
    await work();
  } catch (error) {
    await app.guarded(() => {
      throw error;
    });
    line.failed(error);
  }
}

async function tell(app, verb, report, line, action) {
  if (line.isRunning) line.done(`${verb} ${counted(report.done.length, "object")}`);
  if (report.done.length) app.notices.say(`${verb} ${counted(report.done.length, "object")}.`, action);
  if (report.failed.length) await app.reportProblems("Not all could be done", report.failed);
}

function titleOf(keys) {
  return keys.length === 1 ? plainName(nameOf(keys[0])) : counted(keys.length, "entry", "entries");
}
