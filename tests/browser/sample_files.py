"""Small files of each type that the page shows, made here so that their content is known."""

import struct
import wave
import zlib
from io import BytesIO

GREEN = (26, 153, 51)
SECONDS_OF_SOUND = 2

# Records a canvas, so that the film suits whatever the browser can play.
_RECORD = """async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 48];
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start();
  for (let red = 0; red < 200; red += 20) {
    pen.fillStyle = `rgb(${red}, 90, 200)`;
    pen.fillRect(0, 0, 64, 48);
    await new Promise((done) => setTimeout(done, 40));
  }
  await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
  return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
}"""


def png(width=8, height=8):
    """One blue rectangle."""
    rows = b"".join(b"\0" + b"\x20\x60\xc0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*part) for part in parts)


def _png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def pdf():
    """One page that is GREEN all over."""
    paint = b" ".join(b"%.3f" % (part / 255) for part in GREEN) + b" rg 0 0 200 200 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(paint), paint),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(body))
    )


def wav():
    """SECONDS_OF_SOUND of silence."""
    rate = 8000
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * rate * SECONDS_OF_SOUND))
    return buffer.getvalue()


def webm(page):
    """A film of 64 by 48 points, recorded by the browser of that page."""
    return bytes(page.evaluate(_RECORD))
