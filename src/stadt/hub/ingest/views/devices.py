"""Pages about devices: list with map and health, one device with its newest values and messages."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stadt.core.errors import Conflict, Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.hub.ingest import presentation, queries, services
from stadt.hub.ingest.forms import DeviceForm, show_errors
from stadt.hub.ingest.models import Device, Source
from stadt.hub.ingest.views.sources import get_source

PER_PAGE = 100


def list_devices(request: HttpRequest, slug: str) -> HttpResponse:
    """A source's devices on a map and in a table."""
    source = get_source(request, slug)
    page = Paginator(queries.list_devices(source), PER_PAGE).get_page(request.GET.get("seite"))
    columns, rows = presentation.device_rows(source, page.object_list)
    context = {
        "source": source,
        "page": page,
        "columns": columns,
        "rows": rows,
        "layers": [presentation.device_layer(source, page.object_list)],
    }
    return render(request, "ingest/devices.html", context)


def new_device(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a device known before its first message."""
    source = get_source(request, slug)
    form = DeviceForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            device = services.add_device(actor_of(request), source, form.as_draft())
        except (Invalid, Conflict) as error:
            show_errors(error, form)
        else:
            messages.success(request, _("Das Gerät ist angelegt."))
            return redirect("ingest:device", slug=source.slug, device_id=device.pk)
    context = {"source": source, "form": form}
    return render(request, "ingest/device_form.html", context, status=422 if form.errors else 200)


def show_device(request: HttpRequest, slug: str, device_id: int) -> HttpResponse:
    """One device: newest values, health, newest messages."""
    source = get_source(request, slug)
    device = _get_device(source, device_id)
    value_columns, values = presentation.stream_rows(queries.streams_of(device))
    frame_columns, frames = presentation.frame_rows(queries.list_frames(device))
    context = {
        "source": source,
        "device": device,
        "facts": presentation.device_facts(device),
        "value_columns": value_columns,
        "values": values,
        "frame_columns": frame_columns,
        "frames": frames,
        "layers": [presentation.device_layer(source, [device])] if device.lon is not None else [],
    }
    return render(request, "ingest/device.html", context)


def edit_device(request: HttpRequest, slug: str, device_id: int) -> HttpResponse:
    """Change name, place or profile of a device, or switch it off."""
    source = get_source(request, slug)
    device = _get_device(source, device_id)
    initial = {"title": device.title, "profile": device.profile_id, "enabled": device.enabled}
    if device.is_placed:
        initial |= {"lon": device.lon, "lat": device.lat}
    form = DeviceForm(request.POST or None, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_device(actor_of(request), device, form.as_draft(device.device_id))
        except Invalid as error:
            show_errors(error, form)
        else:
            messages.success(request, _("Die Änderungen sind gespeichert."))
            return redirect("ingest:device", slug=source.slug, device_id=device.pk)
    context = {"source": source, "device": device, "form": form}
    return render(request, "ingest/device_form.html", context, status=422 if form.errors else 200)


def _get_device(source: Source, device_id: int) -> Device:
    device = queries.list_devices(source).select_related("profile", "source").filter(pk=device_id).first()
    if device is None:
        raise NotFound
    return device
