"""Locks on files in the home folder: the kernel takes them from a process that died, so that nothing is tidied up."""

import fcntl
from pathlib import Path

# Held by whoever runs the city of a home folder; the file is written anew at each start.
CITY_LOCK = "lock"


def is_held(place: Path) -> bool:
    """Whether a process holds the lock of a file; False for a file that is not there."""
    try:
        with place.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
