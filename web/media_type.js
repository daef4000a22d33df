// Types that GET links may show inline (the service's own list), by the ending of a name.
const SHOWN = {
  aac: "audio/aac", flac: "audio/flac", m4a: "audio/mp4", mp3: "audio/mpeg", oga: "audio/ogg",
  ogg: "audio/ogg", wav: "audio/wav", weba: "audio/webm",
  avif: "image/avif", gif: "image/gif", jpeg: "image/jpeg", jpg: "image/jpeg", png: "image/png",
  webp: "image/webp",
  mp4: "video/mp4", m4v: "video/mp4", ogv: "video/ogg", webm: "video/webm",
  pdf: "application/pdf",
};
const TEXT = new Set(
  ("txt md markdown csv tsv json jsonl xml svg html htm css js mjs ts py sh yaml yml toml ini cfg " +
    "log rst tex sql c h cpp hpp java go rs rb pl r diff patch").split(" "));

/** The ending of a name in lower case, "" for none. */
export function endingOf(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}

/** The type as which a file of that name can be looked at, null for none. */
export function shownTypeOf(name) {
  const ending = endingOf(name);
  // Source code of any kind is looked at as text, which runs nowhere.
  return SHOWN[ending] ?? (TEXT.has(ending) ? "text/plain; charset=utf-8" : null);
}
