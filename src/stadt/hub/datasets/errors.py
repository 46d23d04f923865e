"""Errors of datasets."""

from stadt.core.errors import StadtError


class Gone(StadtError):
    """The snapshot existed and was purged; its tombstone says when."""

    code = "gone"
    status = 410
