"""Takes a JPEG apart before a decoder sees it: what is said beside the picture goes, but for how to turn it."""

import struct

from stadt.civic.files.limits import MOST_SEGMENTS

ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
SCAN, ADOBE, EXIF, COMMENT = 0xDA, 0xEE, 0xE1, 0xFE
APPLICATIONS = range(0xE0, 0xF0)
EXIF_HEAD = b"Exif\0\0"
ORIENTATION, SHORT, MOST_TAGS = 0x0112, 3, 500


def without_metadata(content: bytes) -> tuple[bytes, int]:
    """The JPEG without application data and comments, and its orientation (1 to 8).

    Adobe's segment stays: it says how the colours are written.

    Raises:
        ValueError: its segments do not follow each other.
    """
    kept, orientation, at = [content[:2]], 1, 2
    for _ in range(MOST_SEGMENTS):
        if at + 4 > len(content):
            break
        if content[at] != 0xFF:
            raise ValueError("a segment does not begin where the one before it ends")
        marker = content[at + 1]
        if marker == SCAN:
            kept.append(content[at:])
            return b"".join(kept), orientation
        if marker == 0xFF:
            at += 1
            continue
        length = 2 if marker in ALONE else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at : at + length]
        if marker == EXIF and segment[4:10] == EXIF_HEAD and orientation == 1:
            orientation = orientation_of(segment[4:])
        if marker == ADOBE or not (marker in APPLICATIONS or marker == COMMENT):
            kept.append(segment)
        at += length
    raise ValueError("there is no picture in it")


def orientation_of(exif: bytes) -> int:
    """What Exif says in its first directory (Exif 2.32, 4.6.4 A, tag 274); 1 where it says nothing that can be."""
    tiff = exif.removeprefix(EXIF_HEAD)
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(min(count, MOST_TAGS)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == ORIENTATION:
                return value if kind == SHORT and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
