import { fileEntry } from "./listing.js";
import { hashOf } from "./object_key.js";
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
  if (listed) {
    await preview(app, listed);
    return;
  }
  // The listing may not have come so far.
  const first = await firstBelow(app.api, key);
  if (first?.key === key) {
    await preview(app, fileEntry(first));
  } else if (first && await firstBelow(app.api, `${key}/`)) {
    location.replace(hashOf(`${key}/`));
  } else if (first !== undefined) {
    app.notices.problem(`${plainName(key)} is not there.`);
  }
}

/** The first object of the prefix; null where there is none, undefined where that is not told. */
async function firstBelow(api, prefix) {
  const page = await api.get("/objects", { prefix, limit: 1 }).catch(() => undefined);
  return page && (page.objects[0] ?? null);
}
