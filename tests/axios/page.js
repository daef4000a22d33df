// A page that lists, uploads, downloads and deletes: node page.js API_URL ORIGIN, ID_TOKEN around it.
import { strict as assert } from "node:assert";
import { Browser } from "./browser.js";

const [api, origin] = process.argv.slice(2);
const Authorization = `Bearer ${process.env.ID_TOKEN}`;
const browser = new Browser(origin);
const json = { Authorization, "Content-Type": "application/json" };
const call = (method, path, options = {}) =>
  browser.send(method, `${api}${path}`, { ...options, headers: { Authorization, ...options.headers } });
const post = async (path, body) => {
  const answer = await call("POST", path, { headers: json, data: JSON.stringify(body) });
  assert.equal(answer.status, 200, JSON.stringify(answer.data));
  return answer.data;
};
// What a page cannot set, the browser does.
const settable = ({ "Content-Length": _, ...headers }) => headers;

// list
const page = await call("GET", "/objects?limit=5");
assert.equal(page.status, 200);
assert.ok(page.data.objects.length > 0);
assert.ok(page.headers["x-request-id"], "x-request-id is not to be seen");

// upload at once
const text = "Grüße aus dem Browser ☀\n";
const bytes = Buffer.from(text);
const single = await post("/uploads", { key: "home/me/page/at once ü.txt", size: bytes.length, contentType: "text/plain; charset=utf-8" });
assert.equal(single.kind, "single");
const put = await browser.send(single.method, single.url, { headers: settable(single.headers), data: bytes });
assert.equal(put.status, 200, put.data);
assert.ok(put.headers.etag, "the ETag of an upload is not to be seen");

// upload in parts
const parts = await post("/uploads", { key: "home/me/page/in parts.bin", size: 9 * 1024 ** 2, multipart: true });
assert.equal(parts.kind, "multipart");
assert.equal(parts.parts.length, 2);
const content = Buffer.alloc(9 * 1024 ** 2, "bucketpass ");
const etags = [];
for (const part of parts.parts) {
  const first = (part.partNumber - 1) * parts.partSize;
  const sent = await browser.send("PUT", part.url, { headers: settable(part.headers), data: content.subarray(first, first + part.size) });
  assert.equal(sent.status, 200, sent.data);
  etags.push({ partNumber: part.partNumber, etag: sent.headers.etag });
}
const done = await post("/uploads/complete", { ...parts.complete, parts: etags });
assert.equal(done.size, content.length);

// download by redirect, and a part of it
const path = "/objects/home/me/page/at%20once%20%C3%BC.txt";
const whole = await call("GET", path, { asText: true });
assert.equal(whole.status, 200);
assert.equal(whole.data, text);
assert.match(whole.headers["content-disposition"], /^attachment/);
const part = await call("GET", path, { headers: { Range: "bytes=0-2" }, asText: true });
assert.equal(part.status, 206);
assert.equal(part.headers["content-range"], `bytes 0-2/${bytes.length}`);

// download by link, and through the service
const link = await call("GET", `${path}?as=link`);
assert.equal((await browser.send("GET", link.data.url, { asText: true })).data, text);
const through = await call("GET", `${path}?as=content`, { asText: true });
assert.equal(through.data, text);
assert.ok(through.headers.etag && through.headers["x-object-size"]);
const links = await post("/links", { items: [{ key: single.key }, { key: done.key, method: "HEAD" }] });
assert.equal((await browser.send("GET", links.items[0].url, { asText: true })).data, text);
assert.equal((await browser.send("HEAD", links.items[1].url)).headers["content-length"], String(content.length));

// write and delete through the service
const written = await call("PUT", "/objects/home/me/page/small.txt", { headers: { "Content-Type": "text/plain", "If-None-Match": "*" }, data: "small" });
assert.equal(written.status, 201, JSON.stringify(written.data));
const again = await call("PUT", "/objects/home/me/page/small.txt", { headers: { "Content-Type": "text/plain", "If-None-Match": "*" }, data: "small" });
assert.equal(again.status, 412);
assert.equal(again.data.code, "precondition_failed");
const deleted = await call("DELETE", "/objects/home/me/page/small.txt");
assert.equal(deleted.status, 204);
const rest = await post("/deletions", { prefix: "home/me/page/" });
assert.deepEqual(rest.items.map((item) => item.deleted), [true, true]);

// refusals are to be read too, those of the gateway among them
const missing = await call("GET", path);
assert.equal(missing.data.code, "no_such_key");
const unknown = await browser.send("GET", `${api}/me`, { headers: { Authorization: "Bearer x.y.z" } });
assert.equal(unknown.status, 401);
assert.equal(unknown.data.code, "invalid_token");
assert.ok(unknown.headers["www-authenticate"], "WWW-Authenticate is not to be seen");

console.log(JSON.stringify(browser.checked));
