"""Where things lie in the lake folder (`STADT_LAKE`)."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from stadt.core.errors import ConfigurationError

# Keys become names of folders, so they hold nothing that could lead out of one.
KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_-]{0,59}\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a lake: `parts` of snapshots, prepared download `files`, and `work` in progress."""

    root: Path

    @property
    def parts(self) -> Path:
        """Immutable Parquet parts: `parts/<dataset>/<part>-<hash>.parquet`."""
        return self.root / "parts"

    @property
    def files(self) -> Path:
        """Downloads that were prepared from a snapshot: `files/<dataset>/<number>/<file>`; may be deleted any time."""
        return self.root / "files"

    @property
    def deliveries(self) -> Path:
        """Files that people delivered, and what was prepared from them: `deliveries/<dataset>/<file>`."""
        return self.root / "deliveries"

    @property
    def work(self) -> Path:
        """Files that are being written; what is old here was left by a process that died."""
        return self.root / "work"


def layout() -> Layout:
    """The lake of this installation.

    Raises:
        ConfigurationError: when STADT_LAKE is an address and not a folder.
    """
    return Layout(folder_of(settings.STADT.lake))


def folder_of(place: str) -> Path:
    """The folder that STADT_LAKE names.

    Raises:
        ConfigurationError: when it is an address.
    """
    if "://" in place:
        raise ConfigurationError(f"STADT_LAKE muss ein Ordner sein, ist aber „{place}“.")
    return Path(place).absolute()
