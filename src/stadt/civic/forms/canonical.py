"""One spelling for one content: canonical JSON and its SHA-256, so that equal answers have equal digests."""

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and without spaces; whole numbers have one spelling whether they came as 2 or 2.0.

    Raises:
        ValueError: for numbers that JSON does not have.
    """
    return json.dumps(
        _one_spelling(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest_of_json(value: Any) -> bytes:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical_json(value)).digest()


def _one_spelling(value: Any) -> Any:
    """PostgreSQL's jsonb and a browser's JSON keep no difference between 2 and 2.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _one_spelling(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_one_spelling(item) for item in value]
    return value
