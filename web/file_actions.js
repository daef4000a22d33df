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
      run: guarded(([entry], view) => rename(changes, entry, view)) },
    { label: "Move", needs: "some", isAllowed: may("write", "delete"),
      run: guarded((entries, view) => transfer(app, changes, entries, view, true)) },
    { label: "Copy", needs: "some", isAllowed: may("read"),
      run: guarded((entries, view) => transfer(app, changes, entries, view, false)) },
    { label: "Delete", needs: "some", key: "Delete", kind: "risky", isAllowed: may("delete"),
      run: guarded((entries) => remove(changes, entries)) },
  ];
}

async function newFolder(app, changes, view) {
  const name = await askText("New folder", { label: "Name", action: "Make", problem: nameProblem });
  if (name === null) return;
  await changes.makeFolder(`${view.prefix}${name}/`);
  location.hash = hashOf(`${view.prefix}${name}/`);
}

async function rename(changes, entry, view) {
  const name = await askText(`Rename ${plainName(entry.name)}`, {
    value: entry.name, label: "New name", action: "Rename", problem: nameProblem,
    note: entry.isFolder ? "Everything in the folder is moved, object by object." : undefined,
  });
  if (name === null || name === entry.name) return;
  const to = `${view.prefix}${name}${entry.isFolder ? "/" : ""}`;
  await changes.transfer([{ from: entry.key, to }], true);
}

async function transfer(app, changes, entries, view, move) {
  const verb = move ? "Move" : "Copy";
  const what = entries.length === 1 ? plainName(entries[0].name) : counted(entries.length, "entry", "entries");
  const folder = await askText(`${verb} ${what}`, {
    value: view.prefix, label: "To the folder", action: verb,
    note: "The whole way to it, such as home/me/notes/. It comes into being if it is not there.",
    problem: (text) => prefixProblem(text, entries),
  });
  if (folder === null) return;
  const target = folder.endsWith("/") || folder === "" ? folder : `${folder}/`;
  const real = target.startsWith("home/me/") ? app.me.homePrefix + target.slice("home/me/".length) : target;
  const pairs = entries
    .map((entry) => ({ from: entry.key, to: `${real}${nameOf(entry.key)}${entry.isFolder ? "/" : ""}` }))
    .filter(({ from, to }) => from !== to);
  if (pairs.length) await changes.transfer(pairs, move);
}

async function remove(changes, entries) {
  const folders = entries.filter((entry) => entry.isFolder).length;
  const files = entries.length - folders;
  const all = `with everything in ${folders === 1 ? "it" : "them"}`;
  const what = [files ? counted(files, "file") : "", folders ? `${counted(folders, "folder")} ${all}` : ""]
    .filter(Boolean).join(" and ");
  const names = entries.slice(0, 5).map((entry) => element("li", {}, plainName(entry.name)));
  if (entries.length > names.length) names.push(element("li", {}, `and ${entries.length - names.length} more`));
  const isKept = await changes.keepsVersions(entries[0].key);
  const sure = await ask(`Delete ${what}?`, [
    element("ul", {}, ...names),
    element("p", {}, isKept
      ? "The storage keeps deleted versions for a while: right after it, you can undo it."
      : "The storage keeps no versions of it: this cannot be undone."),
  ], [{ label: "Delete", value: true, kind: "risky" }, { label: "Cancel", value: null }]);
  if (sure) await changes.remove(entries.map((entry) => entry.key));
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
