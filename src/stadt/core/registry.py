"""The one list of what all apps plug in; it refuses contradictions with a sentence when the city starts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stadt.core.errors import ConfigurationError
from stadt.core.manifest import (
    Check,
    Demo,
    Job,
    KeptFolder,
    Keyed,
    Layer,
    Listener,
    Manifest,
    Menu,
    Metric,
    Mount,
    Page,
    Panel,
    Permission,
    Router,
    SearchSource,
    SpotSource,
    Subject,
    Verb,
)


class RegistryError(ConfigurationError):
    """Two apps contradict each other, or something refers to what does not exist."""

    code = "registry"


@dataclass(frozen=True, slots=True)
class RegisteredApp:
    """An installed app with its manifest."""

    label: str
    name: str
    title: str
    uses: tuple[str, ...]
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class RegisteredPage:
    """A page with its full address (without leading slash) and URL name `<label>:<name>`."""

    app: str
    page: Page
    path: str

    @property
    def url_name(self) -> str:
        return f"{self.app}:{self.page.name}"


class Registry:
    """Filled by each app's `ready()`, checked once by `seal()`, read by every floor."""

    def __init__(self) -> None:
        self.apps: dict[str, RegisteredApp] = {}
        self.links: dict[str, Any] = {}
        self.is_sealed = False

    def add(self, *, label: str, name: str, title: str, uses: tuple[str, ...], manifest: Manifest) -> None:
        """Register one app. Raises RegistryError when the label is taken."""
        if label in self.apps and self.apps[label].name != name:
            raise RegistryError(f"Zwei Apps heißen „{label}“: {self.apps[label].name} und {name}.")
        self.apps[label] = RegisteredApp(label, name, title, tuple(uses), manifest)

    def seal(self, links: Mapping[str, Any] | None = None) -> None:
        """Check everything; `links` is the city's links.toml as read.

        Raises:
            RegistryError: with one sentence for the first contradiction found.
        """
        self.links = dict(links or {})
        for problem in self.problems():
            raise RegistryError(problem)
        self.is_sealed = True

    def problems(self) -> Iterator[str]:
        """Every contradiction, as sentences."""
        yield from self._doubles("Datensatz", lambda m: (d.key for d in m.datasets))
        yield from self._doubles("Kennzahl", lambda m: (i.key for i in m.indicators))
        yield from self._doubles("Recht", lambda m: (p.key for p in m.permissions))
        yield from self._doubles("Aufgabe", lambda m: (j.name for j in m.jobs))
        yield from self._doubles("Kartenebene", lambda m: (layer.key for layer in m.layers))
        yield from self._doubles("Prüfung", lambda m: (c.key for c in m.doctor))
        yield from self._doubles("Suchquelle", lambda m: (s.key for s in m.search))
        yield from self._doubles("Ortsquelle", lambda m: (s.key for s in m.spots))
        yield from self._doubles("Vorgang", lambda m: (verb.name for verb in m.verbs))
        yield from self._doubles("Gegenstand", lambda m: (subject.kind for subject in m.subjects))
        yield from self._doubles("Ereignis", lambda m: (e.__name__ for e in m.publishes))
        yield from self._doubles("Adresse", lambda m: (mount.prefix for mount in m.mounts))
        yield from self._double_addresses()
        yield from self._unknown_uses()
        yield from self._circles()
        yield from self._unpublished_events()
        yield from self._undeclared_permissions()
        yield from self._unknown_links()
        for app in self.apps.values():
            for check in app.manifest.checks:
                yield from check()

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def pages(self) -> tuple[RegisteredPage, ...]:
        """All pages with their full addresses."""
        return tuple(
            RegisteredPage(app.label, page, "/".join(part for part in (app.manifest.path, page.path) if part))
            for app in self.apps.values()
            for page in app.manifest.pages
        )

    def menu(self, menu: Menu) -> tuple[RegisteredPage, ...]:
        """The pages that stand under one entry of the navigation, by their order."""
        found = (page for page in self.pages if page.page.menu is menu)
        return tuple(sorted(found, key=lambda page: page.page.order))

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """All plain ASGI handlers, longest prefix first."""
        found = (mount for app in self.apps.values() for mount in app.manifest.mounts)
        return tuple(sorted(found, key=lambda mount: -len(mount.prefix)))

    @property
    def kept(self) -> tuple[KeptFolder, ...]:
        """All folders of files that rows name."""
        return tuple(folder for app in self.apps.values() for folder in app.manifest.kept)

    @property
    def routers(self) -> tuple[Router, ...]:
        return tuple(router for app in self.apps.values() for router in app.manifest.routers)

    @property
    def datasets(self) -> dict[str, Any]:
        """Dataset declarations by key; the type belongs to the hub."""
        return _by_key(d for app in self.apps.values() for d in app.manifest.datasets)

    @property
    def indicators(self) -> dict[str, Any]:
        """Indicator declarations by key; the type belongs to the hub."""
        return _by_key(i for app in self.apps.values() for i in app.manifest.indicators)

    def owner_of(self, key: str) -> RegisteredApp | None:
        """The app that declares the dataset, indicator or layer with this key."""
        for app in self.apps.values():
            m = app.manifest
            if any(item.key == key for item in (*m.datasets, *m.indicators, *m.layers)):
                return app
        return None

    @property
    def permissions(self) -> dict[str, Permission]:
        return {p.key: p for app in self.apps.values() for p in app.manifest.permissions}

    @property
    def spot_sources(self) -> dict[str, SpotSource]:
        """Who keeps named places, by key."""
        return {source.key: source for app in self.apps.values() for source in app.manifest.spots}

    @property
    def verbs(self) -> dict[str, Verb]:
        """What the audit's verbs are called."""
        return {verb.name: verb for app in self.apps.values() for verb in app.manifest.verbs}

    @property
    def subjects(self) -> dict[str, Subject]:
        """What the audit's things are called, by their kind."""
        return {one.kind: one for app in self.apps.values() for one in app.manifest.subjects}

    @property
    def jobs(self) -> dict[str, Job]:
        return {job.name: job for app in self.apps.values() for job in app.manifest.jobs}

    @property
    def listeners(self) -> tuple[Listener, ...]:
        return tuple(listener for app in self.apps.values() for listener in app.manifest.listens)

    @property
    def events(self) -> dict[str, type]:
        return {event.__name__: event for app in self.apps.values() for event in app.manifest.publishes}

    @property
    def layers(self) -> dict[str, Layer]:
        found = sorted(
            (x for app in self.apps.values() for x in app.manifest.layers), key=lambda layer: layer.order
        )
        return {layer.key: layer for layer in found}

    def panels(self, slot: str) -> tuple[Panel, ...]:
        """The blocks apps add to one slot, in order."""
        found = (p for app in self.apps.values() for p in app.manifest.panels if p.slot == slot)
        return tuple(sorted(found, key=lambda panel: panel.order))

    @property
    def search_sources(self) -> tuple[SearchSource, ...]:
        return tuple(source for app in self.apps.values() for source in app.manifest.search)

    @property
    def doctor_checks(self) -> tuple[Check, ...]:
        return tuple(check for check in self._checks() if not check.only_running)

    @property
    def watched_checks(self) -> tuple[Check, ...]:
        """The checks that the running city asks by itself."""
        return tuple(check for check in self._checks() if check.watched)

    def _checks(self) -> Iterator[Check]:
        return (check for app in self.apps.values() for check in app.manifest.doctor)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(metric for app in self.apps.values() for metric in app.manifest.metrics)

    @property
    def demos(self) -> tuple[Demo, ...]:
        found = (app.manifest.demo for app in self.apps.values() if app.manifest.demo)
        return tuple(sorted(found, key=lambda demo: demo.order))

    # -- checking ------------------------------------------------------------------------------------------------

    def _doubles(self, noun: str, keys: Callable[[Manifest], Iterable[str]]) -> Iterator[str]:
        seen: dict[str, str] = {}
        for app in self.apps.values():
            for key in keys(app.manifest):
                if key in seen:
                    yield f"{noun} „{key}“ ist doppelt: in {seen[key]} und in {app.label}."
                seen[key] = app.label

    def _double_addresses(self) -> Iterator[str]:
        seen: dict[str, str] = {}
        for page in self.pages:
            if page.path in seen:
                yield f"Die Adresse „/{page.path}“ ist doppelt: {seen[page.path]} und {page.url_name}."
            seen[page.path] = page.url_name

    def _unknown_uses(self) -> Iterator[str]:
        for app in self.apps.values():
            for used in app.uses:
                if used not in self.apps:
                    yield f"{app.label} benutzt „{used}“, das nicht installiert ist."

    def _circles(self) -> Iterator[str]:
        def walk(label: str, trail: tuple[str, ...]) -> Iterator[str]:
            if label in trail:
                yield f"Apps benutzen einander im Kreis: {' → '.join((*trail[trail.index(label) :], label))}."
                return
            for used in self.apps[label].uses if label in self.apps else ():
                yield from walk(used, (*trail, label))

        for label in self.apps:
            yield from walk(label, ())

    def _unpublished_events(self) -> Iterator[str]:
        published = set(self.events.values())
        for app in self.apps.values():
            for listener in app.manifest.listens:
                if listener.event not in published:
                    yield f"{app.label} hört auf {listener.event.__name__}, das keine App meldet."

    def _undeclared_permissions(self) -> Iterator[str]:
        declared = set(self.permissions)
        for name, access in self._accesses():
            if isinstance(access, Permission) and access.key not in declared:
                yield f"{name} verlangt das Recht „{access.key}“, das niemand erklärt."

    def _accesses(self) -> Iterator[tuple[str, object]]:
        for page in self.pages:
            yield f"Die Seite {page.url_name}", page.page.permission
        for mount in self.mounts:
            yield from ((f"Die Adresse {mount.prefix}", access) for access in (mount.reading, mount.writing))
        for router in self.routers:
            name = f"Die Adresse /api/v1/{router.prefix}"
            yield from ((name, access) for access in (router.reading, router.writing))

    def _unknown_links(self) -> Iterator[str]:
        known = set(self.indicators)
        for code, keys in self.links.get("indicators", {}).items():
            if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
                yield f"links.toml: {code} braucht eine Liste von Schlüsseln."
                continue
            for key in keys:
                if key not in known:
                    yield f"links.toml: {code} verweist auf die Kennzahl „{key}“, die keine App erklärt."
        for code, entry in self.links.get("measures", {}).items():
            for label in entry.get("apps", ()) if isinstance(entry, dict) else ():
                if label not in self.apps:
                    yield f"links.toml: {code} verweist auf die App „{label}“, die nicht installiert ist."


def _by_key(items: Iterable[Keyed]) -> dict[str, Any]:
    return {item.key: item for item in items}


registry = Registry()
