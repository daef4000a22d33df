const KEPT = 30;

/**
 * @typedef {{method: string, url: string, body?: any, headers?: Object<string, string>,
 *   signed: boolean}} Sent
 * `signed` says that the URL is presigned: it needs no token, and `body` is a file.
 */

/** The requests that the page has sent, so that a developer can send them again. */
export class Trace {
  #sent = [];

  /** @param {Sent} sent */
  add(sent) {
    this.#sent = [{ ...sent, at: new Date() }, ...this.#sent].slice(0, KEPT);
  }

  /** The newest first. */
  get sent() {
    return this.#sent;
  }
}

/** The request as a command for a POSIX shell; $TOKEN stands for the ID token. */
export function curlText({ method, url, body, headers = {}, signed }) {
  const words = ["curl", "-X", method, quoted(url)];
  if (!signed) words.push("-H", '"Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(headers)) words.push("-H", quoted(`${name}: ${value}`));
  if (signed && method === "PUT") words.push("--data-binary", "@FILE");
  if (!signed && body !== undefined) {
    words.push("-H", quoted("Content-Type: application/json"), "-d", quoted(JSON.stringify(body)));
  }
  return words.join(" ");
}

/** The request for axios; `token` and `file` are variables. */
export function axiosText({ method, url, body, headers = {}, signed }) {
  const lines = [`  method: ${JSON.stringify(method)},`, `  url: ${JSON.stringify(url)},`];
  const fields = Object.entries(headers).map(([name, value]) =>
    `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (!signed) fields.unshift("Authorization: `Bearer ${token}`");
  if (fields.length) lines.push(`  headers: { ${fields.join(", ")} },`);
  if (signed && method === "PUT") lines.push("  data: file,");
  if (!signed && body !== undefined) lines.push(`  data: ${JSON.stringify(body)},`);
  return `const answer = await axios({\n${lines.join("\n")}\n});`;
}

function quoted(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
