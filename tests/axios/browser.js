// What a browser would let a page of ORIGIN do and see (Fetch Standard, "CORS protocol").
import axios from "axios";
import { strict as assert } from "node:assert";

const SAFE_METHODS = ["GET", "HEAD", "POST"];
const SAFE_HEADERS = ["accept", "accept-language", "content-language", "content-type", "range"];
const SAFE_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
const READABLE = ["cache-control", "content-language", "content-length", "content-type", "expires",
  "last-modified", "pragma"];

function words(value) {
  return (value ?? "").split(",").map((word) => word.trim().toLowerCase()).filter(Boolean);
}

export class Browser {
  constructor(origin) {
    this.origin = origin;
    this.checked = { preflights: 0, answers: 0 };
  }

  /** One request as a page sends it; redirects are followed by the same rules. */
  async send(method, url, { headers = {}, data, asText = false } = {}) {
    await this.#preflight(this.origin, method, url, headers);
    let answer = await this.#request(this.origin, method, url, headers, data, asText);
    if ([301, 302, 303, 307, 308].includes(answer.status)) {
      const next = new URL(answer.raw.location, url);
      const elsewhere = next.origin !== new URL(url).origin;
      const kept = Object.entries(headers)
        .filter(([name]) => !(elsewhere && name.toLowerCase() === "authorization"));
      // A redirect from another origin to a third one makes the page's origin opaque.
      const origin = elsewhere && new URL(url).origin !== this.origin ? "null" : this.origin;
      await this.#preflight(origin, method, next.href, Object.fromEntries(kept));
      answer = await this.#request(origin, method, next.href, Object.fromEntries(kept), data, asText);
    }
    return answer;
  }

  async #request(origin, method, url, headers, data, asText) {
    const sent = { ...headers, Origin: origin };
    if (data !== undefined && !Object.keys(headers).some((name) => /^content-type$/i.test(name))) {
      sent["Content-Type"] = false;
    }
    const answer = await axios.request({
      method, url, data, headers: sent, maxRedirects: 0, validateStatus: () => true, proxy: false,
      responseType: asText ? "text" : undefined, transformResponse: asText ? [(text) => text] : undefined,
    });
    this.checked.answers += 1;
    const allowed = answer.headers["access-control-allow-origin"];
    assert.ok(allowed === origin || allowed === "*", `${method} ${answer.status}: hidden from ${origin}, allowed ${allowed}`);
    if (allowed !== "*") assert.ok(words(answer.headers.vary).includes("origin"), `${method}: no Vary: Origin`);
    return {
      status: answer.status, data: answer.data, raw: answer.headers, headers: visible(answer.headers),
    };
  }

  async #preflight(origin, method, url, headers) {
    const unsafe = Object.entries(headers)
      .filter(([name, value]) => !isSafe(name.toLowerCase(), value))
      .map(([name]) => name.toLowerCase())
      // A browser sets it by itself, and a page cannot.
      .filter((name) => name !== "content-length");
    if (SAFE_METHODS.includes(method) && unsafe.length === 0) return;
    const answer = await axios.request({
      method: "OPTIONS", url, maxRedirects: 0, validateStatus: () => true, proxy: false,
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": method,
        ...(unsafe.length ? { "Access-Control-Request-Headers": unsafe.sort().join(",") } : {}),
      },
    });
    this.checked.preflights += 1;
    const told = answer.headers;
    assert.ok(answer.status >= 200 && answer.status < 300, `preflight of ${method}: ${answer.status}`);
    assert.ok([origin, "*"].includes(told["access-control-allow-origin"]), `preflight of ${method} for ${origin}`);
    const methods = words(told["access-control-allow-methods"]);
    assert.ok(SAFE_METHODS.includes(method) || methods.includes(method.toLowerCase()) || methods.includes("*"),
      `preflight refuses ${method}: ${methods}`);
    const names = words(told["access-control-allow-headers"]);
    for (const name of unsafe) {
      assert.ok(names.includes(name) || (names.includes("*") && name !== "authorization"), `preflight refuses ${name}`);
    }
  }
}

function isSafe(name, value) {
  if (name === "content-type") return SAFE_TYPES.includes(String(value).split(";")[0].trim());
  return SAFE_HEADERS.includes(name);
}

/** The headers of a cross-origin answer that a page can read. */
function visible(headers) {
  const exposed = words(headers["access-control-expose-headers"]);
  const seen = (name) => READABLE.includes(name) || exposed.includes(name) || exposed.includes("*");
  return Object.fromEntries(Object.entries(headers).filter(([name]) => seen(name)));
}
