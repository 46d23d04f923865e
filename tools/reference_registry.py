"""Pages of the reference that are read from the registry: what all apps plug in together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from reference_code import Page, first_sentence, table
from stadt.core import health
from stadt.core.manifest import Access, Audience, Manifest
from stadt.core.registry import RegisteredApp, RegisteredPage, registry

NOTHING = "None yet."


def _declared(field: str) -> Iterator[tuple[RegisteredApp, Any]]:
    """Every entry of one manifest field with the app that declares it."""
    if field not in {item.name for item in dataclasses.fields(Manifest)}:
        raise LookupError(field)
    for app in registry.apps.values():
        for item in getattr(app.manifest, field):
            yield app, item


def _listed(head: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    found = list(rows)
    return table(head, found) if found else iter([NOTHING])


def _every(interval: timedelta | None) -> str:
    if interval is None:
        return "when asked"
    seconds = int(interval.total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds % length == 0:
            count = seconds // length
            return f"every {unit}" if count == 1 else f"every {count} {unit}s"
    return str(interval)


def _address(page: RegisteredPage) -> str:
    """As stadt.config.urls puts it together."""
    prefix = registry.apps[page.app].manifest.path
    return f"/{prefix}/{page.page.path}" if prefix else f"/{page.page.path}"


def _access(access: Access | None) -> str:
    if access is None:
        return "nobody"
    return access.value if isinstance(access, Audience) else f"`{access.key}`"


def pages() -> Iterator[str]:
    """Addresses for people and machines."""
    yield from ("## Pages", "")
    yield from _listed(
        ["address", "name", "title", "menu", "for whom"],
        (
            (
                f"`{_address(page)}`",
                f"`{page.url_name}`",
                page.page.title or "–",
                page.page.menu.value if page.page.menu else "–",
                _access(page.page.permission),
            )
            for page in sorted(registry.pages, key=lambda page: (_address(page), page.url_name))
        ),
    )
    yield from ("", "## Plain handlers", "", "All addresses that begin with the prefix.", "")
    mounts = ((mount, app) for app, mount in _declared("mounts"))
    yield from _listed(
        ["prefix", "app", "reading for", "writing for", "what it answers"],
        (
            (
                f"`{mount.prefix}`",
                f"`{app.label}`",
                _access(mount.reading),
                _access(mount.writing),
                first_sentence(mount.handler),
            )
            for mount, app in sorted(mounts, key=lambda pair: pair[0].prefix)
        ),
    )
    yield from ("", "## Interface", "", "Described in full at `/api/v1/openapi.json`.", "")
    yield from _listed(
        ["prefix", "app", "reading for", "writing for"],
        (
            (
                f"`/api/v1/{router.prefix}/`",
                f"`{app.label}`",
                _access(router.reading),
                _access(router.writing),
            )
            for app, router in _declared("routers")
        ),
    )


def permissions() -> Iterator[str]:
    """Rights that roles are made of."""
    yield from _listed(
        ["permission", "title", "app"],
        sorted((f"`{item.key}`", item.title, f"`{app.label}`") for app, item in _declared("permissions")),
    )


def jobs() -> Iterator[str]:
    """Work done by the worker."""
    yield from _listed(
        ["job", "when", "what it does"],
        sorted((f"`{job.name}`", _every(job.every), first_sentence(job.run)) for _, job in _declared("jobs")),
    )


def events() -> Iterator[str]:
    """Facts that are told after commit, and who listens."""
    listeners: dict[str, list[str]] = {}
    for app, listener in _declared("listens"):
        how = "as a job" if listener.durable else "in the process"
        listeners.setdefault(listener.event.__name__, []).append(f"`{app.label}` {how}")
    for app, event in sorted(_declared("publishes"), key=lambda pair: pair[1].__name__):
        yield from (f"## {event.__name__}", "", first_sentence(event), "", f"Told by `{app.label}`.", "")
        heard = ", ".join(listeners.get(event.__name__, [])) or "nobody yet"
        yield from (f"Heard by: {heard}.", "")
        yield from table(
            ["field", "type"], ((f"`{f.name}`", f"`{_type(f.type)}`") for f in dataclasses.fields(event))
        )
        yield ""
    if not registry.events:
        yield NOTHING


def _type(kind: object) -> str:
    return kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))


def datasets() -> Iterator[str]:
    """Declared datasets with their columns."""
    if not registry.datasets:
        yield NOTHING
    for key, dataset in sorted(registry.datasets.items()):
        yield from (f"## {key}", "", f"**{dataset.title}.** {dataset.description}", "")
        yield f"Access: {dataset.access.name.lower()}. Licence: {dataset.licence.value.title}. "
        yield f"Theme: {dataset.theme.name}. Renewed {_every(dataset.refresh)} when something changed."
        yield ""
        yield from table(
            ["column", "type", "unit", "title"],
            (
                (
                    f"`{column.name}`",
                    column.type.value,
                    f"`{column.unit}`" if column.unit else "–",
                    column.title or "–",
                )
                for column in dataset.columns
            ),
        )
        yield ""


def indicators() -> Iterator[str]:
    """Declared indicators with their formulas."""
    if not registry.indicators:
        yield NOTHING
    for key, indicator in sorted(registry.indicators.items()):
        yield from (f"## {key}", "", f"**{indicator.title}.** {indicator.description}", "")
        facts = {
            "formula": indicator.formula,
            "numerator": indicator.numerator,
            "denominator": indicator.denominator,
            "unit": f"`{indicator.unit}`",
            "period": indicator.period.value,
            "source": indicator.source,
            "method": indicator.method,
            "version": indicator.version,
        }
        yield from (f"- {name}: {value}" for name, value in facts.items() if value)
        yield ""


def metrics() -> Iterator[str]:
    """Figures on /metrics."""
    own = [
        (f"`{family.name}{'_total' if family.type == 'counter' else ''}`", family.documentation, "`core`")
        for collector in (health.requests_total, health.request_seconds)
        for family in collector.describe()
    ]
    declared = [(f"`{metric.name}`", metric.help, f"`{app.label}`") for app, metric in _declared("metrics")]
    yield from _listed(["metric", "what it counts", "app"], sorted([*own, *declared]))


def additions() -> Iterator[str]:
    """What apps add to pages of others."""
    yield from ("## Map layers", "")
    yield from _listed(
        ["layer", "title", "app"],
        sorted((f"`{layer.key}`", layer.title, f"`{app.label}`") for app, layer in _declared("layers")),
    )
    yield from ("", "## Panels", "")
    yield from _listed(
        ["slot", "template", "app"],
        sorted(
            (f"`{panel.slot}`", f"`{panel.template}`", f"`{app.label}`") for app, panel in _declared("panels")
        ),
    )
    yield from ("", "## Search", "")
    yield from _listed(
        ["source", "title", "app"],
        sorted((f"`{source.key}`", source.title, f"`{app.label}`") for app, source in _declared("search")),
    )
    yield from ("", "## Questions of `stadt doctor`", "")
    yield from _listed(
        ["question", "title", "app"],
        sorted(
            (f"`{question.key}`", question.title, f"`{app.label}`") for app, question in _declared("doctor")
        ),
    )


PAGES: dict[str, Page] = {
    "additions": ("Map layers, panels, search, doctor", additions),
    "datasets": ("Datasets", datasets),
    "events": ("Events", events),
    "indicators": ("Indicators", indicators),
    "jobs": ("Jobs", jobs),
    "metrics": ("Metrics", metrics),
    "pages": ("Addresses", pages),
    "permissions": ("Permissions", permissions),
}
