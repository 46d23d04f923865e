"""`/files/<dataset>/<number>/<file>`: downloads of a snapshot, prepared once and then sent by the server."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from stadt.core import asgi
from stadt.core.condition import Store, require_writable
from stadt.core.errors import MethodNotAllowed, NotFound
from stadt.hub.datasets.access_log import count_access
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.formats import Format, formats_of
from stadt.hub.datasets.services import get_dataset
from stadt.hub.datasets.snapshots import SnapshotInfo, get_snapshot
from stadt.hub.lake.layout import layout

PREFIX = "/files/"
LATEST = "latest"
# Small tables are prepared when they are published, so that pages can say how large each download is.
PREPARED_ROWS = 20_000

_preparing = threading.Lock()
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="stadt-files")


def path_of(key: str, number: int, form: Format) -> Path:
    """Where the download lies once it is prepared."""
    return layout().files / key / str(number) / form.filename(key)


def url_of(key: str, number: int | str, form: Format) -> str:
    """Address of a download; `latest` for the number leads to the newest."""
    return f"{PREFIX}{key}/{number}/{form.filename(key)}"


def size_of(key: str, number: int, form: Format) -> int | None:
    """Bytes of a download, None as long as nobody fetched it."""
    try:
        return path_of(key, number, form).stat().st_size
    except FileNotFoundError:
        return None


def prepare(dataset: Dataset, snapshot: SnapshotInfo, form: Format) -> Path:
    """The download's file, written if it is not there yet; one at a time in a process.

    Raises:
        ReadOnly: it is not there, and there is no room for it.
    """
    target = path_of(dataset.key, snapshot.number, form)
    with _preparing:
        if not target.exists():
            require_writable(Store.LAKE)
            form.write(target, snapshot, dataset)
    return target


async def handle_files(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Mount of `/files/`."""
    if scope["method"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Only GET.", headers={"Allow": "GET, HEAD"})
    dataset, number, form = await _in_thread(_understand, scope["path"])
    if number == LATEST:
        snapshot = await _in_thread(get_snapshot, dataset.key)
        headers = (
            (b"location", url_of(dataset.key, snapshot.number, form).encode()),
            (b"cache-control", b"no-cache"),
            (b"access-control-allow-origin", b"*"),  # else a page of another site cannot follow
        )
        await asgi.send_bytes(send, 302, b"", b"text/plain", headers)
        return
    path = path_of(dataset.key, int(number), form)
    # A kept dataset's snapshot may have been withdrawn after its file was prepared.
    if dataset.kept is not None or not await asyncio.to_thread(path.exists):
        snapshot = await _in_thread(get_snapshot, dataset.key, int(number))
        if form not in formats_of(dataset, snapshot.row_count):
            raise NotFound(
                gettext("%(format)s fasst höchstens %(rows)s Zeilen; dieser Stand hat mehr.")
                % {"format": form.title, "rows": form.most_rows}
            )
        path = await _in_thread(prepare, dataset, snapshot, form)
    answer = asgi.FileAnswer(
        path,
        form.media_type,
        filename=f"{dataset.key}-{number}{form.suffix}",
        cache_control="public, max-age=31536000, immutable",
        headers={
            "Link": f'<{dataset.licence.value.uri}>; rel="license"',
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Accept-Ranges, Content-Disposition, Content-Range, ETag, Link",
        },
    )
    counting = _Counting(scope, send, dataset.key, form.form)
    await asgi.send_file(scope, counting, answer)


def _understand(path: str) -> tuple[Dataset, str, Format]:
    key, _, rest = path.removeprefix(PREFIX).partition("/")
    number, _, filename = rest.partition("/")
    dataset = get_dataset(key)
    if not dataset.is_public:
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})
    if number != LATEST and not (
        number.isascii() and number.isdigit() and len(number) < 10 and number[0] != "0"
    ):
        raise NotFound(
            gettext("„%(number)s“ ist kein Stand des Datensatzes „%(key)s“.") % {"number": number, "key": key}
        )
    form = next((form for form in formats_of(dataset) if form.filename(key) == filename), None)
    if form is None:
        known = ", ".join(form.filename(key) for form in formats_of(dataset))
        raise NotFound(
            gettext("Die Datei „%(filename)s“ gibt es nicht. Es gibt: %(known)s.")
            % {"filename": filename, "known": known}
        )
    return dataset, number, form


async def _in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    def call() -> Any:
        try:
            return function(*arguments)
        finally:
            connection.close()

    return await asyncio.get_running_loop().run_in_executor(_threads, call)


class _Counting:
    """Counts a download once its beginning is sent: not a HEAD, a 304, or the later pieces of a resumed download."""

    def __init__(self, scope: asgi.Scope, send: asgi.Send, key: str, form: str) -> None:
        self.send, self.key, self.form = send, key, form
        wanted = asgi.header(scope, b"range")
        self.is_counted = scope["method"] == "GET" and (
            not wanted or wanted.replace(" ", "").startswith("bytes=0-")
        )
        self.user_agent = asgi.header(scope, b"user-agent")

    async def __call__(self, message: asgi.Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in {200, 206} and self.is_counted:
            count_access(self.key, self.form, self.user_agent)
        await self.send(message)
