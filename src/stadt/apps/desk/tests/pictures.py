"""A photo as small as one can be."""

import io

from PIL import Image


def jpeg(width: int = 64, height: int = 48) -> bytes:
    """White, so that what is redacted can be seen."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(made, "JPEG")
    return made.getvalue()
