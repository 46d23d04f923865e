"""Pages of the protocol: the list with its filter, one row, and the export."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.protocol import exports, queries, services, wording
from stadt.apps.protocol.forms import ProtocolFilter
from stadt.apps.protocol.rights import require_reader
from stadt.core.errors import BadRequest, NotFound
from stadt.core.people.access import actor_of
from stadt.core.people.models import AuditEntry
from stadt.core.sealing import chained
from stadt.web.formats import moment
from stadt.web.tables import LinkCell, TableColumn

CURSORS = ("vor", "nach")
LARGEST_ID = 2**63 - 1
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


@require_safe
@never_cache
def show_list(request: HttpRequest) -> HttpResponse:
    """`/betrieb/protokoll/`: the newest rows, or those asked for."""
    require_reader(actor_of(request))
    form = ProtocolFilter(_filters(request.GET))
    if not form.is_valid():
        return render(request, "protocol/list.html", {"form": form}, status=422)
    found = queries.find_rows(
        form.as_search(), before=_cursor(request, "vor"), after=_cursor(request, "nach")
    )
    context = {
        "form": form,
        "columns": _columns(),
        "rows": _rows(found.rows),
        "filters": _asked(request.GET).items(),
        "is_narrowed": bool(_asked(request.GET)),
        "newer": _step(request.GET, "nach", found.rows[0].pk) if found.rows and found.has_newer else "",
        "older": _step(request.GET, "vor", found.rows[-1].pk) if found.rows and found.has_older else "",
    }
    return render(request, "protocol/list.html", context)


@require_safe
@never_cache
def show_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """`/betrieb/protokoll/12/`: one row with everything that is sealed."""
    require_reader(actor_of(request))
    row = AuditEntry.objects.select_related("seal").filter(pk=min(pk, LARGEST_ID)).first()
    sealed = queries.find_row(pk) if row else None
    if row is None or sealed is None:
        raise NotFound
    is_whole = sealed.sequence is None or chained(sealed.previous, sealed.fields) == sealed.hash
    context = {
        "row": row,
        "sealed": sealed,
        "title": wording.verb_title(row.verb),
        "facts": _facts(row),
        "seal_facts": _seal_facts(sealed, row),
        "is_whole": is_whole,
    }
    return render(request, "protocol/entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export(request: HttpRequest) -> HttpResponseBase:
    """`/betrieb/protokoll/ausgeben/`: the rows asked for as a file; that it was taken is kept."""
    if request.method != "POST":
        return redirect("protocol:list")
    form, kind = ProtocolFilter(_filters(request.POST)), request.POST.get("form", "")
    require_reader(actor_of(request))
    if kind not in TYPES or not form.is_valid():
        raise BadRequest(_("So lässt sich das Protokoll nicht ausgeben."))
    search = form.as_search()
    services.export_protocol(actor_of(request), search, kind)
    answer = StreamingHttpResponse(exports.stream(search, kind), content_type=TYPES[kind])
    name = f"protokoll-{timezone.localtime():%Y-%m-%d-%H%M}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _filters(given: QueryDict) -> dict[str, str]:
    """The form's fields; `subject` is the address by which other pages lead to a thing's history."""
    found = {name: given.get(name, "") for name in ProtocolFilter.base_fields}
    return {**found, "gegenstand": found["gegenstand"] or given.get("subject", "")}


def _asked(given: QueryDict) -> dict[str, str]:
    return {name: value for name, value in _filters(given).items() if value}


def _cursor(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _step(given: QueryDict, name: str, pk: int) -> str:
    query = QueryDict(mutable=True)
    query.update({**_asked(given), name: str(pk)})
    return "?" + query.urlencode()


def _columns() -> list[TableColumn]:
    return [
        TableColumn("at", _("Zeit")),
        TableColumn("who", _("Wer")),
        TableColumn("verb", _("Vorgang")),
        TableColumn("subject", _("Gegenstand")),
        TableColumn("door", _("Zugang")),
        TableColumn("seal", _("Siegel")),
    ]


def _rows(rows: list[AuditEntry]) -> list[dict[str, Any]]:
    names = queries.names_of(rows)
    return [
        {
            "at": LinkCell(moment(row.at), reverse("protocol:entry", kwargs={"pk": row.pk})),
            "who": wording.who(row, names),
            "verb": wording.verb_title(row.verb),
            "subject": _subject(row),
            "door": wording.door_title(row.door),
            "seal": wording.seal_state(row),
        }
        for row in rows
    ]


def _subject(row: AuditEntry) -> LinkCell | str:
    """Leads to the thing's history, from where the way goes on to the thing itself."""
    title = wording.subject_title(row.subject)
    return LinkCell(title, f"{reverse('protocol:list')}?{_query(row.subject)}")


def _query(subject: str) -> str:
    query = QueryDict(mutable=True)
    query["subject"] = subject
    return query.urlencode()


def _facts(row: AuditEntry) -> list[tuple[str, Any]]:
    title, url = wording.subject_title(row.subject), wording.subject_url(row.subject)
    changes = json.dumps(row.changes, ensure_ascii=False, sort_keys=True) if row.changes else ""
    return [
        (_("Zeit"), moment(row.at)),
        (_("Wer"), wording.who(row, queries.names_of([row]))),
        (_("Vorgang"), f"{wording.verb_title(row.verb)} ({row.verb})"),
        (_("Gegenstand"), LinkCell(title, url) if url else title),
        (
            _("Alles zu diesem Gegenstand"),
            LinkCell(row.subject, f"{reverse('protocol:list')}?{_query(row.subject)}"),
        ),
        (_("Änderungen"), changes),
        (_("Zugang"), wording.door_title(row.door)),
        (_("Netz"), row.network),
        (_("Anfrage"), row.origin),
    ]


def _seal_facts(sealed: queries.Sealed, row: AuditEntry) -> list[tuple[str, Any]]:
    if sealed.sequence is None:
        return []
    return [
        (_("Siegel"), str(sealed.sequence)),
        (_("Versiegelt"), moment(row.seal.sealed_at)),
        (_("Prüfwert"), sealed.hash.hex()),
        (_("Prüfwert davor"), sealed.previous.hex()),
    ]
