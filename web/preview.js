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
  const [link] = await readableLinks(app.api, app.trace, [wanted]);
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

function frame(url, name, contentType) {
  const isPdf = contentType === "application/pdf";
  return element("iframe", {
    src: url, class: `preview ${contentType.split("/")[0]}`, title: `Preview of ${plainName(name)}`,
    referrerpolicy: "no-referrer",
    // Browsers refuse to show a PDF in a sandbox; their viewer is one of its own, and the type is
    // signed, so that nothing else can come.
    sandbox: isPdf ? undefined : "",
  });
}
