"""`/files/<dataset>/<number>/<file>`: downloads of a snapshot, prepared once and then sent by the server."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext

from stadt.core import asgi
from stadt.core.city import current
from stadt.core.errors import MethodNotAllowed, NotFound
from stadt.core.registry import registry
from stadt.hub.datasets.access_log import count_access
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.queries import publisher_of
from stadt.hub.datasets.snapshots import SnapshotInfo, get_snapshot
from stadt.hub.lake import exports
from stadt.hub.lake.files import whole_file
from stadt.hub.lake.layout import layout

PREFIX = "/files/"
LATEST = "latest"
# Small tables are prepared when they are published, so that pages can say how large each download is.
PREPARED_ROWS = 20_000

Writer = Callable[[Path, SnapshotInfo, Dataset], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of download. `form` is its name in the counts."""

    key: str
    suffix: str
    title: str
    media_type: str
    form: str
    write: Writer
    needs_geometry: bool = False

    def filename(self, key: str) -> str:
        """The file's name for a dataset."""
        return key + self.suffix


def _write_csv(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_csv(target, snapshot.paths, snapshot.fields, exports.Dialect.GERMAN, current().timezone)


def _write_csv_en(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_csv(
        target, snapshot.paths, snapshot.fields, exports.Dialect.INTERNATIONAL, current().timezone
    )


def _write_geojson(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_geojson(target, snapshot.paths, snapshot.fields, about(snapshot, dataset))


def _write_parquet(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    place = layout()
    if len(snapshot.parts) != 1:
        exports.write_parquet(target, snapshot.paths, snapshot.fields)
        return
    with whole_file(
        target, place.work
    ) as aside:  # the one part is the file: a second name for the same bytes
        os.link(place.parts / snapshot.paths[0], aside)


FORMATS = (
    Format("csv", ".csv", "CSV", "text/csv; charset=utf-8; header=present", "csv", _write_csv),
    Format(
        "csv-en",
        ".en.csv",
        "CSV (international)",
        "text/csv; charset=utf-8; header=present",
        "csv",
        _write_csv_en,
    ),
    Format(
        "geojson",
        ".geojson",
        "GeoJSON",
        "application/geo+json",
        "geojson",
        _write_geojson,
        needs_geometry=True,
    ),
    Format("parquet", ".parquet", "Parquet", "application/vnd.apache.parquet", "parquet", _write_parquet),
)

_preparing = threading.Lock()
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="stadt-files")


def about(snapshot: SnapshotInfo, dataset: Dataset) -> dict[str, Any]:
    """What a file says about itself: where it comes from, under which licence, and whether rows are simulated."""
    return {
        "dataset": snapshot.dataset,
        "number": snapshot.number,
        "published": snapshot.published_at,
        "publisher": publisher_of(dataset),
        "licence": dataset.licence.value.uri,
        "simulated": snapshot.is_simulated,
        "source": settings.STADT.url,
    }


def formats_of(dataset: Dataset) -> tuple[Format, ...]:
    """The forms in which a dataset can be downloaded."""
    return tuple(form for form in FORMATS if dataset.geometry or not form.needs_geometry)


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
    """The download's file, written if it is not there yet; one at a time in a process."""
    target = path_of(dataset.key, snapshot.number, form)
    with _preparing:
        if not target.exists():
            form.write(target, snapshot, dataset)
    return target


async def handle_files(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Mount of `/files/`."""
    if scope["method"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Only GET.", headers={"Allow": "GET, HEAD"})
    dataset, number, form = _understand(scope["path"])
    if number == LATEST:
        snapshot = await _in_thread(get_snapshot, dataset.key)
        headers = (
            (b"location", url_of(dataset.key, snapshot.number, form).encode()),
            (b"cache-control", b"no-cache"),
        )
        await asgi.send_bytes(send, 302, b"", b"text/plain", headers)
        return
    path = path_of(dataset.key, int(number), form)
    if not await asyncio.to_thread(path.exists):
        snapshot = await _in_thread(get_snapshot, dataset.key, int(number))
        path = await _in_thread(prepare, dataset, snapshot, form)
    answer = asgi.FileAnswer(
        path,
        form.media_type,
        filename=f"{dataset.key}-{number}{form.suffix}",
        cache_control="public, max-age=31536000, immutable",
        headers={"Link": f'<{dataset.licence.value.uri}>; rel="license"', "Access-Control-Allow-Origin": "*"},
    )
    counting = _Counting(scope, send, dataset.key, form.form)
    await asgi.send_file(scope, counting, answer)


def _understand(path: str) -> tuple[Dataset, str, Format]:
    key, _, rest = path.removeprefix(PREFIX).partition("/")
    number, _, filename = rest.partition("/")
    dataset = registry.datasets.get(key)
    if not isinstance(dataset, Dataset) or not dataset.is_public:
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
