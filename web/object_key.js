/** The last segment of a key or prefix, a folder's without its slash. */
export function nameOf(key) {
  const end = key.endsWith("/") ? key.length - 1 : key.length;
  return key.slice(key.lastIndexOf("/", end - 1) + 1, end);
}

/** The prefix that a key or prefix stands in, "" for the bucket. */
export function folderOf(key) {
  const end = key.endsWith("/") ? key.length - 1 : key.length;
  return key.slice(0, key.lastIndexOf("/", end - 1) + 1);
}

/** A key as it stands in a path: percent-encoded but for its slashes. */
export function pathOf(key) {
  return key.split("/").map(encodeURIComponent).join("/");
}

/** The address of a folder or a file within the page; the bucket itself is `#/`. */
export function hashOf(key) {
  // RFC 3986 lets a colon stand in a fragment, and every identity id has one.
  return `#${pathOf(key).replaceAll("%3A", ":") || "/"}`;
}

/** The key or prefix that an address names, null where it names none. */
export function keyOfHash(hash) {
  const text = hash.replace(/^#/, "");
  if (text === "") return null;
  try {
    return text === "/" ? "" : decodeURIComponent(text);
  } catch {
    return null;
  }
}
