"""What an app plugs into the house: frozen descriptions that refer to objects, never to dotted names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from stadt.core.doors import Door

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from stadt.core.asgi import Handler, Tell
    from stadt.core.events import Event
    from stadt.core.people.actor import Actor

View = Callable[..., "HttpResponseBase"]


class Menu(Enum):
    """The entries of the main navigation, in their order on screen."""

    SERVICES = "services"
    STRATEGY = "strategy"
    DATA = "data"
    MAP = "map"
    CITY = "city"
    OPERATIONS = "operations"


class Keyed(Protocol):
    """Whatever a higher floor declares (dataset, indicator, …); core knows it by its permanent key only."""

    @property
    def key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that roles are made of. `key` is `area.verb`, `title` is shown to administrators.

    `stays_with_holder`: no deputy gets it, because what is done with it outlasts the absence.
    """

    key: str
    title: str
    stays_with_holder: bool = False


class Audience(Enum):
    """Who may use an address that no permission guards: said, never taken for granted.

    LINK: whoever holds the secret that stands in the address.
    """

    EVERYBODY = "everybody"
    ACCOUNT = "account"
    LINK = "link"


EVERYBODY, ACCOUNT, LINK = Audience.EVERYBODY, Audience.ACCOUNT, Audience.LINK
Access = Permission | Audience


@dataclass(frozen=True, slots=True)
class Page:
    """An address below the app's path. `permission` says who may open it and has no default, so that nobody forgets it.

    Pages of one menu entry stand by `order`, then as the apps and their manifests name them; the first is its door.
    """

    name: str
    path: str
    view: View
    title: str = ""
    menu: Menu | None = None
    permission: Access = field(kw_only=True)
    order: int = 100


@dataclass(frozen=True, slots=True)
class Mount:
    """A plain ASGI handler for all addresses that begin with `prefix`, such as `/ingest/`.

    `reading` and `writing` say who may use GET and HEAD, and the other methods; None: nobody, the method is refused. The
    handler itself enforces it, since only it knows its things; tests hold it to what stands here. `door` is what the audit
    calls this way in. `body_seconds` is how long a request's body may take to arrive; None: as long as any. `body_bytes`
    is the largest body that the handler takes from anybody, so that proxies in front let it through; None: no larger than
    a page's.

    `tell` sends an error in the form of the mount's standard and logs it; without it errors are problem documents.
    """

    prefix: str
    handler: "Handler"
    tell: "Tell | None" = None
    reading: Access | None = field(kw_only=True)
    writing: Access | None = field(kw_only=True)
    door: Door = Door.PAGE
    body_seconds: float | None = None
    body_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Router:
    """A django-ninja router mounted at `/api/v1/<prefix>`; `load` returns it, so that importing stays cheap.

    `reading` and `writing` as for a `Mount`.
    """

    prefix: str
    load: Callable[[], Any]
    reading: Access | None = field(kw_only=True)
    writing: Access | None = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Job:
    """Work done by the worker. `run` is idempotent: a job whose worker died runs again.

    `every` repeats it; minutes, hours or days that divide the next larger unit. After a failure it waits for the next of
    `pauses` and runs again; without any it is tried five times in some minutes. An error of a class in `final` ends it.
    """

    name: str
    run: Callable[..., None]
    every: timedelta | None = None
    pauses: tuple[timedelta, ...] = ()
    final: tuple[type[Exception], ...] = ()


@dataclass(frozen=True, slots=True)
class Listener:
    """What an app does when a fact was told. `durable=True`: as a job deferred in the publisher's transaction,
    at least once; otherwise in the publisher's process after commit, at most once."""

    event: "type[Event]"
    run: Callable[..., None]
    durable: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A block that an app adds to a page of another (`slot`), for example the start page's "home.now"."""

    slot: str
    template: str
    context: Callable[["HttpRequest"], Mapping[str, Any]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Layer:
    """A live map layer: `features()` gives the map features (the web floor's `MapFeature`) as they are now,
    with publishable facts only; `kind` and `shape` are the web floor's `LayerKind` and `Shape` by value."""

    key: str
    title: str
    features: Callable[[], Sequence[Any]]
    kind: str = "points"
    shape: str = "circle"
    order: int = 100


@dataclass(frozen=True, slots=True)
class SpotSource:
    """Named places that an app keeps: address search finds them, and a report can be about one.

    `rows()` gives all of them as the hub's `SpotRow`; `key` is `area.noun` and tells whose they are.
    """

    key: str
    rows: Callable[[], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of the site search."""

    title: str
    url: str
    text: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """Something the site search asks: `find(words, limit)`, best first, only what everybody may see."""

    key: str
    title: str
    find: Callable[[str, int], Iterable[Hit]]


class Severity(Enum):
    """How bad a check's bad answer is: `DANGER` when something is lost or nobody is served, else `WARNING`.

    `ADVICE` is for what runs as it should and could be better for people; `stadt doctor` says it and is content.
    """

    ADVICE = "advice"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Check:
    """A question `stadt doctor` asks: `run()` returns what is wrong and what to do, or None when all is well.

    With `watched=True` the running city asks it too, `every` so often by a job, and tells a person when the answer turns.
    `only_running=True` for what is true of a running city only, so that `stadt doctor` leaves it out.
    """

    key: str
    title: str
    run: Callable[[], str | None]
    watched: bool = False
    every: timedelta = timedelta(minutes=5)
    severity: Severity = Severity.WARNING
    only_running: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """What the protocol calls a verb of `record`: `title` says what was done, such as „Quelle angelegt“."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What the protocol calls the things of one kind (`source` of `source:12`), and where one is shown.

    `address(id)` gives None for a thing that is gone.
    """

    kind: str
    title: str
    address: Callable[[str], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure on `/metrics`: `read()` gives label sets with their value."""

    name: str
    help: str
    kind: str
    read: Callable[[], Iterable[tuple[Mapping[str, str], float]]]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that a row of the database names: its path below the folder, its bytes and their SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptFolder:
    """Files beside the database that a backup takes along: `list_files(connection)` gives those that the connection's
    moment names. `name` is the folder's below `STADT_HOME`. None of them is deleted while a backup reads
    (the lake's lock), and none ever changes."""

    name: str
    list_files: Callable[[Any], Iterable[KeptFile]]


@dataclass(frozen=True, slots=True)
class Demo:
    """Sample data through services. `fill(progress)` and `clear()` may be called again without harm."""

    fill: Callable[[Callable[[str], None]], None]
    clear: Callable[[], None] | None = None
    order: int = 100


@dataclass(frozen=True, slots=True)
class Privacy:
    """What an app does when a person asks for her data.

    Attributes:
        export: the person's account → what the app keeps about her, as JSON takes it.
        erase: removes it, in the transaction that erases the whole person; core's runs last and removes the account.
        words: key of the export → the German word a person reads for it.
    """

    export: Callable[[Any], Mapping[str, Any]]
    erase: Callable[[Any], None]
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything an app plugs in, and nothing else.

    `takes_files`: pages below `path` take bodies with photos and documents, larger ones than other pages (32 MB).
    `foundation` puts in what every city has from the beginning; it is called after every migration and without harm again.
    """

    path: str = ""
    takes_files: bool = False
    pages: tuple[Page, ...] = ()
    mounts: tuple[Mount, ...] = ()
    routers: tuple[Router, ...] = ()
    datasets: tuple[Keyed, ...] = ()
    indicators: tuple[Keyed, ...] = ()
    permissions: tuple[Permission, ...] = ()
    jobs: tuple[Job, ...] = ()
    publishes: "tuple[type[Event], ...]" = ()
    listens: tuple[Listener, ...] = ()
    panels: tuple[Panel, ...] = ()
    layers: tuple[Layer, ...] = ()
    search: tuple[SearchSource, ...] = ()
    spots: tuple[SpotSource, ...] = ()
    checks: tuple[Callable[[], Iterable[str]], ...] = ()
    foundation: "Callable[[Actor], object] | None" = None
    doctor: tuple[Check, ...] = ()
    metrics: tuple[Metric, ...] = ()
    verbs: tuple[Verb, ...] = ()
    subjects: tuple[Subject, ...] = ()
    kept: tuple[KeptFolder, ...] = ()
    demo: Demo | None = None
    privacy: Privacy | None = None
