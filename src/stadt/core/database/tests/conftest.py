"""A home folder for a cluster of a test's own: short, and open to the account the server runs under."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def own_home() -> Iterator[Path]:
    """A folder under /tmp that is removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="stadt-own-", dir="/tmp"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home)
