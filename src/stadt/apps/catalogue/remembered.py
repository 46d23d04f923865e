"""Remembers what was read from a snapshot: snapshots never change, so a page asks DuckDB once in a process."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from stadt.hub.datasets.snapshots import SnapshotInfo

MOST = 128

T = TypeVar("T")

_kept: OrderedDict[tuple[str, str, str], Any] = OrderedDict()
_guard = threading.Lock()


def remembered(snapshot: SnapshotInfo, what: str, read: Callable[[], T]) -> T:
    """The result of `read`, kept under the snapshot's content; callers do not change it."""
    key = (snapshot.dataset, snapshot.content_hash, what)
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
            found: T = _kept[key]
            return found
    found = read()
    with _guard:
        _kept[key] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found
