"""The operating-system account PostgreSQL runs under: our own, or a separate one when we are root."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "vernetzte-stadt"


@dataclass(frozen=True, slots=True)
class Account:
    """An operating-system account; `is_other` when it is not the one this process runs under."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def can_enter(self, folder: Path) -> bool:
        """True when the account may walk down to the folder; a part that does not exist yet counts as allowed."""
        if not self.is_other:
            return True
        resolved = folder.resolve()
        return all(self._may_search(part) for part in (*reversed(resolved.parents), resolved))

    def own(self, folder: Path, mode: int = 0o700) -> None:
        """Make the folder, where it is missing, and give it to the account; never through a symbolic link."""
        folder.mkdir(mode=mode, exist_ok=True)
        self._take(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW), mode)

    def write(self, file: Path, text: str) -> None:
        """Write a file that only the account can read; never through a symbolic link.

        Written aside first: on a full disk the old file stays, since an empty one keeps the server from starting.
        """
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as draft:
                draft.write(text.encode())
                draft.flush()
                self._take(os.dup(draft.fileno()), 0o600)
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)

    def _take(self, descriptor: int, mode: int) -> None:
        try:
            if self.is_other:
                os.fchown(descriptor, self.uid, self.gid)
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)

    def _may_search(self, folder: Path) -> bool:
        try:
            found = folder.stat()
        except FileNotFoundError:
            return True
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def server_account() -> Account:
    """The account for the database server, because PostgreSQL refuses to run as root.

    As root this is the system user `vernetzte-stadt`, made on first use; where none can be made, `nobody`.
    """
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid, is_other=False)
    found = _find(SYSTEM_USER) or _make() or _find("nobody")
    if found is None:
        raise LookupError(SYSTEM_USER)
    return found


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_other=True)


def _make() -> Account | None:
    tool = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if tool is None:
        return None
    command = [tool, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", "--comment", "Vernetzte Stadt database", SYSTEM_USER]
    subprocess.run(command, check=False, capture_output=True)
    return _find(SYSTEM_USER)
