"""The fence around a process that opens somebody's file: memory, time, no network, and no file but its own.

Limits of the kernel always; Landlock (Linux 5.13 and later) and a network of its own where the kernel grants them to
whoever runs the city. What is missing is made up for by the rest: content decides which reader opens a file.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

FILE_BYTES = 16 * 1024**3
OPEN_FILES = 256
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_NO_NEW_PRIVILEGES = 38
_PARENT_DEATH_SIGNAL = 1
_NEW_NETWORK = 0x40000000
_PATH_BENEATH = 1
# Landlock's rights by version of its interface: execute, write, read file, read folder, then removing and making
# entries, from 2 linking across folders, from 3 truncating, from 4 TCP.
_READ = (1 << 0) | (1 << 2) | (1 << 3)
_ALL_FIRST = (1 << 13) - 1
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_TCP = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64), ("handled_access_net", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def close_in(*, memory_bytes: int, seconds: int, readable: Sequence[Path], writable: Path) -> None:
    """Put this process behind the fence, for good.

    Args:
        memory_bytes: address space. seconds: processor time.
        readable: files and folders that may be read, besides Python and the system's libraries.
        writable: the one folder that may be written.
    """
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS does not know all limits
            resource.setrlimit(limit, (value, value))
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)  # nobody would read the answer
        system.unshare(_NEW_NETWORK)
        _landlock(system, [*_own_folders(), *readable], writable)


def _own_folders() -> list[Path]:
    """Where Python, its packages and the system's libraries lie."""
    folders = {Path(entry) for entry in sys.path if entry} | {Path(sys.prefix), Path(sys.base_prefix)}
    system = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/proc/self",
              "/proc/meminfo", "/proc/cpuinfo", "/sys/fs/cgroup", "/sys/devices/system/cpu")  # fmt: skip
    return [path for path in (*folders, *map(Path, system)) if path.exists()]


def _landlock(system: ctypes.CDLL, readable: Sequence[Path], writable: Path) -> None:
    version = system.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    everything = _ALL_FIRST | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    rules = _Ruleset(everything, _TCP if version >= 4 else 0)
    size = ctypes.sizeof(rules) if version >= 4 else 8
    ruleset = system.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return
    for path in readable:
        _allow(system, ruleset, path, _READ)
    _allow(system, ruleset, writable, everything)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    system.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(system: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    if not path.is_dir():
        rights &= (1 << 0) | (1 << 1) | (1 << 2) | _TRUNCATE
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rule = _PathBeneath(rights, descriptor)
    system.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(descriptor)
