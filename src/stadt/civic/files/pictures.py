"""Photos are decoded and written anew: upright, in three sizes, without a byte of what came with them.

Nothing of the original is kept: no position, no device, no preview, no colour profile, nothing before or behind the
picture. What is written is read again before it counts.
"""

import io
import struct
import threading
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFile, UnidentifiedImageError

from stadt.civic.files.kinds import JPEG, PHOTOS, Found, refusal
from stadt.civic.files.limits import MOST_PIXELS, MOST_RECTANGLES
from stadt.civic.files.models import Size
from stadt.civic.files.segments import orientation_of, without_metadata
from stadt.core.errors import FieldError, Invalid

# Belts beside our own measuring of each head (`kinds.measure`): Pillow raises above twice this number.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False

LONGEST = {Size.FULL: 2560, Size.MEDIUM: 1280, Size.SMALL: 320}
QUALITY = {Size.FULL: 85, Size.MEDIUM: 82, Size.SMALL: 78}
_at_once = threading.BoundedSemaphore(1)
# So many rows are converted at a time beside the decoded picture, which is held only once.
STRIP = 256
# JPEG's colour blocks have up to 16 pixels: a box that ends inside one would leave a shimmer of what was there.
BLOCK = 16
# What may stand in a JPEG of ours before its picture: JFIF's head, tables, the frame.
BARE = frozenset({0xE0, 0xDB, 0xC0, 0xC4, 0xDD})
DECODING = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo written anew, with its size in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a picture from its upper left corner, each number from 0 to 1."""

    left: float
    top: float
    width: float
    height: float


def rewrite(content: bytes, found: Found, field: str = "file") -> Mapping[Size, Picture]:
    """The photo in all its sizes.

    Raises:
        Invalid: it cannot be decoded whole.
    """
    with _at_once:
        try:
            upright = _decode(content, found)
        except (*DECODING, MemoryError):
            raise refusal(field, gettext("Das Bild ist beschädigt. Bitte nehmen Sie ein anderes.")) from None
        return _in_all_sizes(upright)


def blacken(content: bytes, rectangles: Iterable[Rectangle]) -> Mapping[Size, Picture]:
    """One of our own photos with black boxes, in all its sizes.

    Raises:
        Invalid: a rectangle lies outside the picture or is empty, or there are none or too many.
    """
    boxes = list(rectangles)
    if not 1 <= len(boxes) <= MOST_RECTANGLES:
        raise refusal(
            "rectangles",
            gettext("Bitte 1 bis %(count)d Bereiche zum Schwärzen angeben.") % {"count": MOST_RECTANGLES},
        )
    with _at_once, Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        picture = _bare(opened)
        pen = ImageDraw.Draw(picture)
        for number, box in enumerate(boxes):
            pen.rectangle(_pixels(box, picture.size, number), fill=(0, 0, 0))
        return _in_all_sizes(picture)


def _pixels(box: Rectangle, size: tuple[int, int], number: int) -> tuple[int, int, int, int]:
    numbers = (box.left, box.top, box.width, box.height)
    right, bottom = box.left + box.width, box.top + box.height
    slack = 1.0 + 1e-6
    is_inside = all(0 <= value <= 1 for value in numbers) and right <= slack and bottom <= slack
    if not is_inside or box.width == 0 or box.height == 0:
        raise Invalid(
            gettext("Ein Bereich liegt nicht im Bild."),
            fields=(FieldError(f"rectangles[{number}]", gettext("liegt nicht im Bild")),),
        )
    width, height = size
    return (
        int(box.left * width) // BLOCK * BLOCK,
        int(box.top * height) // BLOCK * BLOCK,
        min(width, -(-int(right * width + 1) // BLOCK) * BLOCK) - 1,
        min(height, -(-int(bottom * height + 1) // BLOCK) * BLOCK) - 1,
    )


def _decode(content: bytes, found: Found) -> Image.Image:
    longest, orientation = LONGEST[Size.FULL], 1
    if found.media_type == JPEG:
        content, orientation = without_metadata(content)
    with Image.open(io.BytesIO(content), formats=(PHOTOS[found.media_type],)) as opened:
        if opened.size != (found.width, found.height):
            raise ValueError("the head says two sizes")
        if found.media_type == JPEG:
            # libjpeg decodes to a smaller scale by itself: a tenth of the memory.
            opened.draft("RGB", (longest, longest))
        else:
            orientation = orientation_of(opened.info.get("exif") or b"")
        opened.load()
        picture = _bare(opened, longest)
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    turn = TURNS.get(orientation)
    return picture.transpose(turn) if turn is not None else picture


# Exif 2.32, 4.6.4 A, tag 274: how the picture has to be turned to stand upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _bare(opened: Image.Image, longest: int = 0) -> Image.Image:
    """The pixels alone, on white where they are transparent, as RGB of eight bits.

    Made strip by strip, and smaller by a whole factor as long as it stays above `longest` (0: as large as it is): a second
    copy of a large picture is never held.
    """
    width, height = opened.size
    factor = max(1, max(width, height) // longest) if longest else 1
    canvas = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, STRIP * factor):
        strip = _on_white(opened.crop((0, top, width, min(height, top + STRIP * factor))))
        canvas.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    return canvas


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        # 16 bits of grey; a plain conversion would cut them off and not scale them.
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    is_transparent = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    if not is_transparent:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    layer = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    white = Image.new("RGB", picture.size, (255, 255, 255))
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def _in_all_sizes(picture: Image.Image) -> dict[Size, Picture]:
    made = {}
    for size, longest in LONGEST.items():
        small = picture.copy()
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=QUALITY[size], optimize=True)
        content = out.getvalue()
        _verify(content, small.size)
        made[size] = Picture(content, *small.size)
    return made


def _verify(content: bytes, size: tuple[int, int]) -> None:
    """Read what was written: a whole picture of that size, and nothing beside it."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        opened.load()
        if opened.size != size or not is_bare(content):
            raise RuntimeError("a photo was not written as it should have been")


def is_bare(content: bytes) -> bool:
    """Whether a JPEG holds nothing but its picture: no Exif, no profile, no comment, nothing behind the end."""
    at = 2
    while content[at] == 0xFF and content[at + 1] in BARE:
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return (
        content.startswith(b"\xff\xd8")
        and content[at : at + 2] == b"\xff\xda"
        and content.find(b"\xff\xd9", at) == len(content) - 2
    )
