"""`/strategie/fassungen/…`: editions, the strategy on a day, what two states differ in, and the history of an item; for everybody."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.apps.strategy.record import presentation, queries
from stadt.apps.strategy.record.content import Content, kind_of
from stadt.apps.strategy.record.difference import difference
from stadt.apps.strategy.record.lifecycle import state_word
from stadt.apps.strategy.record.models import ChangeRequest, Edition
from stadt.apps.strategy.record.states import EditionState
from stadt.apps.strategy.record.wording import kind_word
from stadt.apps.strategy.rights import ADOPT, PUBLISH, SEE_INTERNAL
from stadt.core.errors import BadRequest, NotFound
from stadt.core.people.access import actor_of
from stadt.web.tables import CellKind, LinkCell, TableColumn

NOW = "heute"


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """All editions, and the ways to a day and to a comparison."""
    found = queries.list_editions(drafts=actor_of(request).can(SEE_INTERNAL))
    rows = [
        {
            "name": LinkCell(edition.name, reverse("strategy:edition", args=[edition.name])),
            "state": presentation.edition_facts(edition)[0][1],
            "valid_on": edition.valid_on,
            "paper": edition.council_paper or None,
        }
        for edition in found
    ]
    columns = [
        TableColumn("name", gettext("Fassung")),
        TableColumn("state", gettext("Zustand")),
        TableColumn("valid_on", gettext("Inhalt gilt am"), CellKind.DATE),
        TableColumn("paper", gettext("Drucksache des Rates")),
    ]
    context = {
        "rows": rows,
        "columns": columns,
        "names": [edition.name for edition in found],
        "today": timezone.localdate().isoformat(),
        "sees_requests": actor_of(request).is_known,
        "may_draft": actor_of(request).can(PUBLISH),
    }
    return render(request, "strategy/record/editions.html", context)


@require_safe
def edition(request: HttpRequest, name: str) -> HttpResponse:
    """One edition: what it is, what it says, and what is otherwise since the one before."""
    found = _get_edition(request, name)
    content = queries.strategy_at(edition=found.name)
    before = next(
        (one for one in queries.list_editions() if one.valid_on < found.valid_on and one.pk != found.pk), None
    )
    context = {
        "edition": found,
        "may_decide": not found.council_paper and actor_of(request).can(ADOPT),
        "is_draft": found.state == EditionState.DRAFT,
        "facts": presentation.edition_facts(found),
        "before": before,
        "difference": difference(queries.strategy_at(edition=before.name), content) if before else None,
        **_content(content),
    }
    return render(request, "strategy/record/edition.html", context)


@require_safe
def as_of(request: HttpRequest) -> HttpResponse:
    """The strategy as it is true on a day: `?tag=2026-11-29`, today without one."""
    day = _day(request.GET.get("tag", "")) or timezone.localdate()
    context = {"day": day, **_content(queries.strategy_at(day))}
    return render(request, "strategy/record/as_of.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """What two states differ in: `?von=1.0&bis=heute`; each is an edition's name, a day, or `heute`."""
    older, newer = request.GET.get("von", ""), request.GET.get("bis", NOW)
    if not older:
        current = queries.current_edition()
        older = current.name if current else NOW
    found = difference(_state(request, older), _state(request, newer))
    context = {
        "older": _named(older),
        "newer": _named(newer),
        "difference": found,
        "groups": [(change, presentation.item_address(change.code)) for change in found.changes],
        "json_url": f"{reverse('api-v1:strategy_difference')}?{urlencode({'from': older, 'to': newer})}",
    }
    return render(request, "strategy/record/difference.html", context)


@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Every version of an item, the newest first."""
    versions = _versions(code)
    references = _references(versions)
    rows = [
        {
            "number": LinkCell(
                gettext("Version %(number)d") % {"number": version.number},
                reverse("strategy:version", args=[code, version.number]),
            ),
            "valid": _validity(version),
            "why": presentation.reason_word(version),
            "reference": references.get(version.change_request),
        }
        for version in reversed(versions)
    ]
    columns = [
        TableColumn("number", gettext("Version")),
        TableColumn("valid", gettext("gilt")),
        TableColumn("why", gettext("Anlass")),
        TableColumn("reference", gettext("Beschluss")),
    ]
    item = versions[-1].item
    context = {
        "code": code,
        "item": item,
        "kind": kind_word(kind_of(code)),
        "url": "" if kind_of(code) not in {"measure", "indicator"} else presentation.item_address(code),
        "facts": presentation.item_facts(queries.strategy_at().find(code) or item),
        "notes": queries.strategy_at().annotations_of(code),
        "columns": columns,
        "rows": rows,
    }
    return render(request, "strategy/record/history.html", context)


@require_safe
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version of an item, under an address that stays."""
    versions = _versions(code)
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise NotFound(gettext("Diese Version gibt es nicht."))
    before = next((one for one in versions if one.number == number - 1), None)
    context = {
        "code": code,
        "version": found,
        "valid": _validity(found),
        "why": presentation.reason_word(found),
        "reference": _references([found]).get(found.change_request),
        "facts": presentation.item_facts(found.item),
        "sentences": difference(Content([before.item]), Content([found.item])).sentences if before else (),
    }
    return render(request, "strategy/record/version.html", context)


def _content(content: Content) -> dict[str, Any]:
    measures = [
        {
            "code": LinkCell(item.code, reverse("strategy:history", args=[item.code])),
            "title": item.title,
            "period": item.period.text,
            "state": state_word(item.state),
        }
        for item in content.measures.values()
    ]
    columns = [
        TableColumn("code", gettext("Nummer")),
        TableColumn("title", gettext("Maßnahme")),
        TableColumn("period", gettext("Zeitraum")),
        TableColumn("state", gettext("Stand")),
    ]
    others = [
        (word, [(item, reverse("strategy:history", args=[item.code])) for item in items])
        for word, items in presentation.outline(content)
        if items[0].code not in content.measures
    ]
    struck = sum(1 for item in content.measures.values() if item.is_struck)
    return {
        "content": content,
        "measure_rows": measures,
        "measure_columns": columns,
        "others": others,
        "measure_count": len(measures) - struck,
        "struck_count": struck,
    }


def _get_edition(request: HttpRequest, name: str) -> Edition:
    found = queries.get_edition(name)
    if found.state == EditionState.DRAFT and not actor_of(request).can(SEE_INTERNAL):
        raise NotFound(gettext("Diese Fassung der Strategie gibt es nicht."))
    return found


def _state(request: HttpRequest, name: str) -> Content:
    if name == NOW:
        return queries.strategy_at()
    day = _day(name, must=False)
    return queries.strategy_at(day) if day else queries.strategy_at(edition=_get_edition(request, name).name)


def _named(name: str) -> str:
    if name == NOW:
        return gettext("heute")
    day = _day(name, must=False)
    return date_format(day, "DATE_FORMAT") if day else gettext("Fassung %(name)s") % {"name": name}


def _day(text: str, *, must: bool = True) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        if must:
            raise BadRequest(gettext("„tag“ ist kein Tag der Form 2026-11-29.")) from None
        return None


def _versions(code: str) -> list[queries.Version]:
    found = queries.history_of(code)
    if not found:
        raise NotFound(gettext("Diesen Teil der Strategie gibt es nicht."))
    return found


def _references(versions: list[queries.Version]) -> dict[int | None, str]:
    ids = {version.change_request for version in versions if version.change_request}
    rows = ChangeRequest.objects.filter(pk__in=ids).values_list("pk", "decision_reference")
    return dict(rows)


def _validity(version: queries.Version) -> str:
    words = {"from": date_format(version.valid_from, "SHORT_DATE_FORMAT")}
    if not version.is_known:
        return gettext("galt zunächst ab %(from)s, dann anders beschlossen") % words
    if version.valid_to is None:
        return gettext("ab %(from)s") % words
    return gettext("ab %(from)s, bis vor %(to)s") % {
        **words,
        "to": date_format(version.valid_to, "SHORT_DATE_FORMAT"),
    }
