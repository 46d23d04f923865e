"""Pages of the waste app: overview with map, one page for each container, and the inventory's forms."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.waste import charts, layers, queries, services
from stadt.apps.waste.forms import ContainerForm
from stadt.apps.waste.indicators import MONITORED_SHARE
from stadt.apps.waste.models import Container, ContainerKind
from stadt.apps.waste.rights import MANAGE
from stadt.core.errors import Invalid
from stadt.core.people.access import actor_of
from stadt.hub.indicators.queries import latest_values
from stadt.web import formats
from stadt.web.maps import MapLayer, Shape
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

REFRESH_SECONDS = 60
FULLEST = 10


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All containers: figures, map, and a table with the fullest first."""
    found = queries.all_containers_now()
    filled = [now.fill for now in found if now.fill is not None]
    context = {
        **_figures(found),
        "mean_fill": sum(filled) / len(filled) if filled else None,
        "layers": [_layer(found)],
        "refresh": REFRESH_SECONDS,
        "columns": _columns(),
        "rows": [_row(now) for now in sorted(found, key=_fullest_first)[:FULLEST]],
        "may_manage": actor_of(request).can(MANAGE),
    }
    return render(request, "waste/overview.html", context)


@require_safe
def show_container(request: HttpRequest, number: str) -> HttpResponse:
    """One container with its fill level of the last seven days."""
    container = queries.get_container(number)
    [now] = queries.containers_now([container])
    state, label = layers.state_of(now)
    context = {
        "container": container,
        "now": now,
        "state": str(state),
        "state_label": label,
        "facts": _facts(now),
        "layers": [_layer([now], live=False)],
        "chart": charts.fill_chart(now) if now.datastream_id else None,
        "may_manage": actor_of(request).can(MANAGE),
    }
    return render(request, "waste/container.html", context)


def panel(request: HttpRequest) -> dict[str, Any]:
    """The block on the start page."""
    return _figures(queries.all_containers_now())


@require_safe
def inventory(request: HttpRequest) -> HttpResponse:
    """The inventory, for those who keep it."""
    columns = [
        TableColumn("number", _("Nummer")),
        TableColumn("title", _("Standort")),
        TableColumn("kind", _("Art")),
        TableColumn("sensor", _("Sensor"), CellKind.CODE),
    ]
    rows = [
        {
            "number": LinkCell(item.number, reverse("waste:container_edit", kwargs={"number": item.number})),
            "title": item.title,
            "kind": str(ContainerKind(item.kind).label),
            "sensor": item.thing_key,
        }
        for item in Container.objects.all()
    ]
    return render(request, "waste/inventory.html", {"columns": columns, "rows": rows})


def new_container(request: HttpRequest) -> HttpResponse:
    """Add a container to the inventory."""
    form = ContainerForm(request.POST or None, container=None)
    if request.method == "POST" and form.is_valid():
        try:
            [container] = services.add_containers(actor_of(request), [form.as_draft()])
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, _("Der Behälter ist eingetragen."))
            return redirect("waste:container", number=container.number)
    return render(request, "waste/container_form.html", {"form": form}, status=422 if form.errors else 200)


def edit_container(request: HttpRequest, number: str) -> HttpResponse:
    """Change a container or take it out of the inventory."""
    container = queries.get_container(number)
    names = ("kind", "title", "lon", "lat", "capacity_l", "thing_key")
    initial = {name: getattr(container, name) for name in names}
    if request.method == "POST" and "entfernen" in request.POST:
        services.remove_container(actor_of(request), container)
        messages.success(request, _("Der Behälter ist ausgetragen."))
        return redirect("waste:inventory")
    form = ContainerForm(request.POST or None, container=container, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_container(actor_of(request), container, form.as_draft())
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, _("Die Änderungen sind gespeichert."))
            return redirect("waste:container", number=container.number)
    context = {"form": form, "container": container}
    return render(request, "waste/container_form.html", context, status=422 if form.errors else 200)


def _figures(found: list[queries.ContainerNow]) -> dict[str, Any]:
    now = timezone.now()
    return {
        "total": len(found),
        "monitored": sum(item.is_monitored(now) for item in found),
        "nearly_full": sum(item.is_nearly_full for item in found),
        "is_simulated": any(item.is_simulated for item in found),
        "kinds": Counter(str(ContainerKind(item.container.kind).label) for item in found),
        "share": latest_values([MONITORED_SHARE.key]).get(MONITORED_SHARE.key),
        "threshold": queries.NEARLY_FULL,
    }


def _fullest_first(now: queries.ContainerNow) -> tuple[float, str]:
    return -1 * (now.fill if now.fill is not None else -1), now.container.number


def _layer(found: list[queries.ContainerNow], *, live: bool = True) -> MapLayer:
    source = reverse("maps:layer", args=["waste.containers"]) if live else ""
    features = layers.features_of(found)
    return MapLayer("waste.containers", _("Abfallbehälter"), features, source=source, shape=Shape.SQUARE)


def _columns() -> list[TableColumn]:
    return [
        TableColumn("title", _("Standort")),
        TableColumn("quarter", _("Stadtteil")),
        TableColumn("fill", _("Füllstand"), CellKind.NUMBER, unit="%", digits=0),
        TableColumn("state", _("Zustand")),
        TableColumn("seen", _("gemeldet"), CellKind.DATETIME),
    ]


def _row(now: queries.ContainerNow) -> dict[str, Any]:
    state, label = layers.state_of(now)
    url = reverse("waste:container", kwargs={"number": now.container.number})
    return {
        "title": LinkCell(now.container.title, url),
        "quarter": now.quarter.name if now.quarter else None,
        "fill": now.fill,
        "state": StateCell(label, state),
        "seen": now.seen_at,
    }


def _facts(now: queries.ContainerNow) -> list[tuple[str, Any]]:
    container = now.container
    capacity = f"{formats.number(container.capacity_l)} l" if container.capacity_l else None
    return [
        (_("Nummer"), container.number),
        (_("Art"), str(ContainerKind(container.kind).label)),
        (_("Fassungsvermögen"), capacity),
        (_("Stadtteil"), now.quarter.name if now.quarter else None),
        (_("Stadtbezirk"), now.district.name if now.district else None),
        (_("letzte Meldung"), formats.moment(now.seen_at) if now.seen_at else None),
    ]
