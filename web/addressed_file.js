import { hashOf, nameOf } from "./object_key.js";
import { preview } from "./preview.js";
import { plainName } from "./shown_name.js";

/**
 * Show the file that the address names, in front of its folder; where there is none of that name,
 * go to the folder of that name, or tell that there is neither.
 * @param {import("./app.js").App} app
 * @param {import("./listing.js").Listing} listing of the folder that the file is in
 * @param {string} key
 */
export async function openAddressed(app, listing, key) {
  const listed = listing.entries.find((entry) => entry.key === key);
  const entry = listed ?? await entryAt(app.api, key);
  if (entry) {
    await preview(app, entry);
  } else if (entry === null) {
    if (await firstBelow(app.api, `${key}/`)) location.replace(hashOf(`${key}/`));
    else app.notices.problem(`${plainName(key)} is not there.`);
  }
}

/** The entry of a listing that has not come so far. */
async function entryAt(api, key) {
  const first = await firstBelow(api, key);
  if (first?.key !== key) return first === undefined ? undefined : null;
  return { key, name: nameOf(key), size: first.size, modified: new Date(first.lastModified) };
}

/** The first object of the prefix; null where there is none, undefined where that is not told. */
async function firstBelow(api, prefix) {
  const page = await api.get("/objects", { prefix, limit: 1 }).catch(() => undefined);
  return page && (page.objects[0] ?? null);
}
