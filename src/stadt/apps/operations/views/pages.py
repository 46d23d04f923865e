"""Pages about the state: overview, checks, database, trends."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stadt.apps.operations import charts, findings, parts, presentation, queries, services
from stadt.apps.operations.models import CheckChange
from stadt.apps.operations.rights import ACT
from stadt.core.people.access import actor_of
from stadt.web import formats

REFRESH_SECONDS = 60
MOST_CHANGES = 50
PERIODS = {"tag": 1, "woche": 7, "monat": 30, "quartal": 90}


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """`/betrieb/`: does anything need a person, and how every part is."""
    bad = findings.bad_findings()
    context = {
        "bad": bad,
        "headline": presentation.headline(bad),
        "parts": parts.all_parts(actor_of(request)),
        "is_stale": findings.are_stale(),
        "checked_at": findings.newest_check(),
        "may_act": actor_of(request).can(ACT),
        "now": timezone.now(),
        "refresh": REFRESH_SECONDS if request.GET.get("auto") != "aus" else 0,
        "subnav": presentation.subnav("overview"),
    }
    return render(request, "operations/overview.html", context)


@require_safe
@never_cache
def checks(request: HttpRequest) -> HttpResponse:
    """`/betrieb/pruefungen/`: every watched check, and when their answers turned."""
    columns, rows = presentation.change_rows(CheckChange.objects.order_by("-id")[:MOST_CHANGES])
    context = {
        "findings": findings.all_findings(),
        "columns": columns,
        "rows": rows,
        "may_act": actor_of(request).can(ACT),
        "subnav": presentation.subnav("checks"),
    }
    return render(request, "operations/checks.html", context)


@require_POST
def silence(request: HttpRequest) -> HttpResponse:
    """Seen: keep a check out of the banner until the morning."""
    until = services.silence_check(actor_of(request), request.POST.get("key", ""))
    messages.success(
        request, _("Gesehen. Der Hinweis ist bis %(until)s still.") % {"until": formats.moment(until)}
    )
    return redirect("operations:overview")


@require_safe
@never_cache
def database(request: HttpRequest) -> HttpResponse:
    """`/betrieb/datenbank/`: the largest tables and the costliest statements, as the last sample found them."""
    facts = queries.facts()
    tables, statements = facts.get("tables"), facts.get("statements")
    context = {
        "table_columns": presentation.table_columns(),
        "tables": presentation.table_rows((tables.value if tables else None) or []),
        "statement_columns": presentation.statement_columns(),
        "statements": presentation.statement_rows(statements.value if statements else None),
        "is_counted": statements is None or statements.value is not None,
        "at": tables.at if tables else None,
        "items": presentation.server_items(queries.server(), queries.newest_sample()),
        "subnav": presentation.subnav("database"),
    }
    return render(request, "operations/database.html", context)


@require_safe
@never_cache
def trends(request: HttpRequest) -> HttpResponse:
    """`/betrieb/verlauf/`: readings, requests, errors and room over a day, a week, a month or ninety days."""
    chosen = request.GET.get("zeitraum", "tag")
    period = chosen if chosen in PERIODS else "tag"
    days = PERIODS[period]
    context = {
        "charts": charts.all_charts(queries.samples(days), queries.traffic(days), days),
        "periods": presentation.period_links(period),
        "subnav": presentation.subnav("trends"),
    }
    return render(request, "operations/trends.html", context)
