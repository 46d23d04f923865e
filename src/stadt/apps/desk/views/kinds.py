"""`/vorgaenge/arten/`: the types of cases with their deadlines, how long their cases are kept, and old versions in use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import CaseType, Deadline
from stadt.civic.cases.rights import MANAGE
from stadt.civic.cases.services import renew_cases
from stadt.civic.cases.versions import count_older, newest_types
from stadt.core.people.access import actor_of
from stadt.core.people.tree import get_city

KIND = "art"


@require_safe
@never_cache
def show_kinds(request: HttpRequest) -> HttpResponse:
    """All types as they are now; who manages the city's cases is offered to renew those of old versions."""
    older = count_older()
    rows = [_row(one, older.get(one.key, 0)) for one in newest_types()]
    may_renew = actor_of(request).can(MANAGE, get_city().pk)
    return render(request, "desk/kinds.html", {"rows": rows, "may_renew": may_renew})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def renew_kind(request: HttpRequest) -> HttpResponse:
    """POST `art=<key>` brings the open cases of that type to its newest version; `cases.manage` in the city."""
    if request.method == "POST":
        key = request.POST.get(KIND, "")[:80].replace("\0", "")
        went, stayed = renew_cases(actor_of(request), key)
        told = ngettext("%(count)s Vorgang ist neu gefasst.", "%(count)s Vorgänge sind neu gefasst.", went)
        if stayed:
            told += " " + ngettext(
                "%(stayed)s blieb, weil es seinen Stand oder seine Kategorie nicht mehr gibt.",
                "%(stayed)s blieben, weil es ihren Stand oder ihre Kategorie nicht mehr gibt.",
                stayed,
            )
        messages.success(request, told % {"count": went, "stayed": stayed})
    return redirect("desk:kinds")


def _row(one: CaseType, older: int) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": titled(one),
        "deadlines": [f"{titled(each) or each.key}: {_days(each)}" for each in one.deadlines],
        "kept": _kept(one),
        "older": older,
    }


def _days(deadline: Deadline) -> str:
    if deadline.unit == "calendar":
        text = ngettext("%(count)s Tag", "%(count)s Tage", deadline.days)
    else:
        text = ngettext("%(count)s Arbeitstag", "%(count)s Arbeitstage", deadline.days)
    return text % {"count": deadline.days}


def _kept(one: CaseType) -> str:
    """What becomes of a case after it was closed, and when."""
    days = {"first": one.anonymise_after_days, "second": one.delete_after_days}
    if one.anonymise_after_days and one.delete_after_days:
        text = gettext("nach %(first)s Tagen anonymisiert, nach %(second)s Tagen gelöscht")
    elif one.anonymise_after_days:
        text = gettext("nach %(first)s Tagen anonymisiert, nie gelöscht")
    elif one.delete_after_days:
        text = gettext("nach %(second)s Tagen gelöscht, bis dahin unverändert")
    else:
        text = gettext("unbegrenzt aufbewahrt")
    return text % days
