// PKWARE APPNOTE 6.3.10, stored and without ZIP64: most files worth a download are compressed.
const UTF8_NAMES = 0x0800;
const LARGEST = 0xffffffff;
const MOST_FILES = 0xffff;

/**
 * An archive of files that stay on disk as blobs wherever the browser keeps them there.
 *
 * @param {{path: string, size: number, modified: Date}[]} files
 * @param {(file) => Promise<Blob|null>} read null leaves the file out
 * @returns {Promise<Blob>}
 */
export async function zipOf(files, read) {
  const sum = files.reduce((total, file) => total + file.size + 2 * file.path.length + 100, 0);
  if (sum > LARGEST || files.length > MOST_FILES) {
    throw new Error("This is too much for one archive (4 GB, 65,535 files). Take smaller folders.");
  }
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const file of files) {
    const blob = await read(file);
    if (blob === null) continue;
    const name = new TextEncoder().encode(safePath(file.path));
    const facts = factsOf(await checksumOf(blob), blob.size, name.length, file.modified);
    const head = bytes([4, 0x04034b50], [2, 20], ...facts, [2, 0]);
    parts.push(head, name, blob);
    directory.push(
      bytes([4, 0x02014b50], [2, 0x0314], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [2, 0],
        [4, (0o644 << 16) >>> 0], [4, offset]), name);
    offset += head.length + name.length + blob.size;
  }
  const count = directory.length / 2;
  const length = directory.reduce((total, part) => total + part.length, 0);
  const end = bytes([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, length], [4, offset], [2, 0]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

function factsOf(checksum, size, nameLength, modified) {
  const date = ((Math.max(0, modified.getFullYear() - 1980) << 9) | ((modified.getMonth() + 1) << 5) |
    modified.getDate());
  const time = (modified.getHours() << 11) | (modified.getMinutes() << 5) | (modified.getSeconds() >> 1);
  return [[2, UTF8_NAMES], [2, 0], [2, time], [2, date], [4, checksum], [4, size], [4, size],
    [2, nameLength]];
}

/** No name may lead out of the folder in which the archive is unpacked. */
function safePath(path) {
  return path.split("/").filter((part) => part !== "").map((part) =>
    (part === "." || part === ".." ? "_" : part.replace(/[\\:]/g, "_"))).join("/");
}

/** Little-endian numbers, each given as its width in bytes and its value. */
function bytes(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as in ISO 3309, read as a stream so that a large file is never whole in memory. */
async function checksumOf(blob) {
  let checksum = 0xffffffff;
  const reader = blob.stream().getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    for (const byte of value) checksum = TABLE[(checksum ^ byte) & 0xff] ^ (checksum >>> 8);
  }
  return (checksum ^ 0xffffffff) >>> 0;
}
