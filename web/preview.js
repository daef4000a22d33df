import { ask } from "./dialogue.js";
import { element } from "./element.js";
import { sizeText, timeText } from "./measures.js";
import { shownTypeOf } from "./media_type.js";
import { readableLinks } from "./object_links.js";
import { plainName } from "./shown_name.js";

/**
 * Look at a file: in a frame that can run nothing, straight from the storage, whose answer is of
 * the type that was signed, whatever was stored.
 *
 * @param {import("./app.js").App} app
 * @param {import("./listing.js").Entry} entry
 */
export async function preview(app, entry) {
  const contentType = shownTypeOf(entry.name);
  const wanted = contentType === null
    ? { key: entry.key } : { key: entry.key, disposition: "inline", contentType };
  const { hash } = location;
  const [link] = await readableLinks(app.api, app.trace, [wanted]);
  // The person has gone on meanwhile.
  if (location.hash !== hash) return;
  if (link.problem) {
    await app.refused(link.problem, "read", entry.key);
    return;
  }
  const facts = `${sizeText(entry.size)}, changed ${timeText(entry.modified)}`;
  const answer = await ask(plainName(entry.name), [
    element("p", { class: "note" }, facts),
    contentType === null
      ? element("p", {}, "There is no preview of this type of file.")
      : frame(link.url, entry.name, contentType),
  ], [{ label: "Download", value: "download" }, { label: "Close", value: null }]);
  if (answer === "download") await app.downloads.take([entry]);
}

// What the sandbox of a frame leaves to a type of file; scripts run in none of them.
const SANDBOXES = {
  image: "", text: "",
  // The browser fetches the sound or film of such a frame in the frame's own name: without the
  // storage's origin that is nobody's, to whom the storage gives nothing.
  audio: "allow-same-origin", video: "allow-same-origin",
  // Chromium shows no PDF in any sandbox. It runs in the viewer's own process, on the storage's
  // origin, and the type is signed, so that nothing else can come.
  application: undefined,
};

function frame(url, name, contentType) {
  const [kind] = contentType.split("/");
  return element("iframe", {
    src: url, class: `preview ${kind}`, title: `Preview of ${plainName(name)}`,
    referrerpolicy: "no-referrer", sandbox: SANDBOXES[kind],
  });
}
