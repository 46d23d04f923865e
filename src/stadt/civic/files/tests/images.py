"""Small pictures and hostile ones for tests, made here."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image


def picture(width: int = 40, height: int = 24, mode: str = "RGB", colour: Any = None) -> Image.Image:
    """Left half red, right half blue, where the mode has colours."""
    found = Image.new("RGB", (width, height), (0, 0, 255))
    found.paste((255, 0, 0), (0, 0, width // 2, height))
    return found.convert(mode) if colour is None else Image.new(mode, (width, height), colour)


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The image's file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg(width: int = 40, height: int = 24, **options: Any) -> bytes:
    """A small photo."""
    return encoded(picture(width, height), "JPEG", **options)


def jpeg_head(width: int, height: int, *, in_passes: bool = False) -> bytes:
    """A JPEG that says it is so large."""
    size = struct.pack(">HH", height, width)
    return jpeg(progressive=in_passes).replace(struct.pack(">HH", 24, 40), size, 1)


def with_segment(content: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment behind its beginning."""
    return content[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body + content[2:]


def exif(orientation: int = 1, with_position: bool = False) -> bytes:
    """Exif with an orientation, a device, and a position where wanted."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = "Telefonhersteller"
    if with_position:
        found.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 40.0), 3: "E", 4: (7.0, 6.0, 1.0)})
    return found.tobytes()


def png_head(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that says it is so large, with the given compressed picture data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def archive(*names: str, content: bytes = b"x", first: tuple[str, bytes] | None = None) -> bytes:
    """A ZIP file with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        if first:
            opened.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name in names:
            opened.writestr(name, content)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
