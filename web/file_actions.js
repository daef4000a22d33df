import { Refusal } from "./api.js";
import { changesOf } from "./changes.js";
import { ask, askText } from "./dialogue.js";
import { element } from "./element.js";
import { counted } from "./measures.js";
import { hashOf, nameOf } from "./object_key.js";
import { plainName } from "./shown_name.js";

/**
 * What can be done in a folder, in the order of the buttons; see FolderView.
 * @param {import("./app.js").App} app
 */
export function actionsOf(app) {
  const changes = changesOf(app);
  const guarded = (work) => (entries, view) => app.guarded(() => work(entries, view));
  const may = (...actions) => (prefix) => actions.every((action) => app.may(action, prefix));
  return [
    { label: "Upload files", needs: "none", kind: "main", isAllowed: may("write"),
      run: (_, view) => app.uploads.choose(view.prefix) },
    { label: "Upload folder", needs: "none", isAllowed: may("write"),
      run: (_, view) => app.uploads.choose(view.prefix, { folder: true }) },
    { label: "New folder", needs: "none", isAllowed: may("write"),
      run: guarded((_, view) => newFolder(app, changes, view)) },
    { label: "Download", needs: "some", isAllowed: may("read"),
      run: guarded((entries) => app.downloads.take(entries)) },
    { label: "Rename", needs: "one", key: "F2", isAllowed: may("write", "delete"),
      run: guarded(([entry], view) => rename(app, changes, entry, view)) },
    { label: "Move", needs: "some", isAllowed: may("write", "delete"),
      run: guarded((entries, view) => transfer(app, changes, entries, view, true)) },
    { label: "Copy", needs: "some", isAllowed: may("read"),
      run: guarded((entries, view) => transfer(app, changes, entries, view, false)) },
    { label: "Delete", needs: "some", key: "Delete", kind: "risky", isAllowed: may("delete"),
      run: guarded((entries, view) => remove(changes, entries, view)) },
  ];
}

let asking = null;

/** Ask, unless a question is there already: two would be about the same entries. */
async function asked(question) {
  // The browser tells of a dialogue's end a moment after it; the next key may be faster.
  const isAnswered = document.querySelector("dialog:not([open])") !== null;
  if (asking && !isAnswered) return null;
  const mine = Symbol("question");
  asking = mine;
  try {
    return await question();
  } finally {
    if (asking === mine) asking = null;
  }
}

/** Give the focus back to the row, or the one next to it, unless it has found another place. */
function refocus(view, key) {
  const { activeElement } = document;
  const isLost = activeElement === document.body || activeElement.disabled;
  if (view.root.isConnected && (isLost || view.grid.root.contains(activeElement))) view.grid.focus(key);
}

async function newFolder(app, changes, view) {
  const name = await asked(() =>
    askText("New folder", { label: "Name", action: "Make", problem: nameProblem }));
  if (name === null) return;
  await changes.makeFolder(`${view.prefix}${name}/`);
  location.hash = hashOf(`${view.prefix}${name}/`);
}

async function rename(app, changes, entry, view) {
  const name = await asked(() => askText(`Rename ${plainName(entry.name)}`, {
    value: entry.name, label: "New name", action: "Rename", problem: nameProblem,
    note: entry.isFolder ? "Everything in the folder is moved, object by object." : undefined,
  }));
  if (name === null || name === entry.name) return;
  const to = `${view.prefix}${name}${entry.isFolder ? "/" : ""}`;
  const pairs = [{ from: entry.key, to }];
  if (!await mayJoin(app, pairs)) return;
  await changes.transfer(pairs, true);
  refocus(view, to);
}

/** Whether folders may go into those of the same name that are there; asked only if there are. */
async function mayJoin(app, pairs) {
  const taken = [];
  for (const { to } of pairs.filter((pair) => pair.to.endsWith("/"))) {
    if (await holdsSomething(app, to)) taken.push(to);
  }
  if (taken.length === 0) return true;
  const names = taken.map((prefix) => element("li", {}, plainName(nameOf(prefix))));
  return asked(() => ask("There is a folder of that name", [
    element("ul", {}, ...names),
    element("p", {}, "Both would become one folder. Files of it that are there already are not replaced."),
  ], [{ label: "Cancel", value: false }, { label: "Make one of both", value: true, kind: "risky" }]));
}

async function holdsSomething(app, prefix) {
  try {
    const page = await app.api.get("/objects", { prefix, limit: 1 });
    return page.objects.length > 0;
  } catch (error) {
    // Who may write but not list is told at the end, by If-None-Match.
    if (error instanceof Refusal && error.status === 403) return false;
    throw error;
  }
}

async function transfer(app, changes, entries, view, move) {
  const verb = move ? "Move" : "Copy";
  const what = entries.length === 1 ? plainName(entries[0].name) : counted(entries.length, "entry", "entries");
  const folder = await asked(() => askText(`${verb} ${what}`, {
    value: view.prefix, label: "To the folder", action: verb,
    note: "The whole way to it, such as home/me/notes/. It comes into being if it is not there.",
    problem: (text) => prefixProblem(text, entries),
  }));
  if (folder === null) return;
  const target = folder.endsWith("/") || folder === "" ? folder : `${folder}/`;
  const real = target.startsWith("home/me/") ? app.me.homePrefix + target.slice("home/me/".length) : target;
  const pairs = entries
    .map((entry) => ({ from: entry.key, to: `${real}${nameOf(entry.key)}${entry.isFolder ? "/" : ""}` }))
    .filter(({ from, to }) => from !== to);
  if (pairs.length === 0 || !await mayJoin(app, pairs)) return;
  await changes.transfer(pairs, move);
  refocus(view);
}

async function remove(changes, entries, view) {
  if (!await asked(() => askWhetherToRemove(changes, entries))) return;
  await changes.remove(entries.map((entry) => entry.key));
  refocus(view);
}

async function askWhetherToRemove(changes, entries) {
  const folders = entries.filter((entry) => entry.isFolder).length;
  const files = entries.length - folders;
  const all = `with everything in ${folders === 1 ? "it" : "them"}`;
  const what = [files ? counted(files, "file") : "", folders ? `${counted(folders, "folder")} ${all}` : ""]
    .filter(Boolean).join(" and ");
  const names = entries.slice(0, 5).map((entry) => element("li", {}, plainName(entry.name)));
  if (entries.length > names.length) names.push(element("li", {}, `and ${entries.length - names.length} more`));
  const isKept = await changes.keepsVersions(entries[0].key);
  return ask(`Delete ${what}?`, [
    element("ul", {}, ...names),
    element("p", {}, isKept
      ? "The storage keeps deleted versions for a while: right after it, you can undo it."
      : "The storage keeps no versions of it: this cannot be undone."),
  ], [{ label: "Delete", value: true, kind: "risky" }, { label: "Cancel", value: null }]);
}

function nameProblem(name) {
  if (name.includes("/")) return "A name has no slash.";
  return name === "." || name === ".." ? "This name has a meaning of its own." : "";
}

function prefixProblem(text, entries) {
  if (text.startsWith("/")) return "The way begins without a slash.";
  const target = text.endsWith("/") ? text : `${text}/`;
  return entries.some((entry) => entry.isFolder && target.startsWith(entry.key))
    ? "A folder cannot go into itself." : "";
}
