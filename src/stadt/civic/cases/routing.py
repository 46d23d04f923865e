"""Who gets a case, how urgent it is and what it is called: rules of the type over category, place, time and answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stadt.civic.cases.catalogue import CaseType, Task
from stadt.civic.cases.clock import calendar_of_city
from stadt.civic.cases.models import Case
from stadt.civic.rules import compile_rule
from stadt.core.people.models import Organisation
from stadt.hub.places.queries import find_area_by_id

NAMES = frozenset({"category", "place", "hour", "weekday", "answers"})
"""What rules may name. `place` has `district`, `quarter` (keys of areas), `site`, `lon` and `lat`; `weekday` is 1 for Monday."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes: the organisation (None: the city), the priority, and the rule that said so."""

    organisation_id: int | None
    priority: int = 0
    explain: str = ""


def names_of(case: Case, at: datetime) -> Mapping[str, Any]:
    """The values that rules see of a case."""
    local = at.astimezone(calendar_of_city().zone)
    district, quarter = (find_area_by_id(pk) if pk else None for pk in (case.district_id, case.quarter_id))
    return {
        "category": case.category,
        "place": {
            "district": district.key if district else "",
            "quarter": quarter.key if quarter else "",
            "site": case.asset,
            "lon": case.lon,
            "lat": case.lat,
        },
        "hour": local.hour,
        "weekday": local.isoweekday(),
        "answers": case.answers,
    }


def route(one: CaseType, names: Mapping[str, Any], language: str = "de") -> Route:
    """The first rule that holds, else the category's organisation, else the type's, else the city. One query."""
    category = one.find_category(str(names["category"]))
    own = (category.organisation if category else "") or one.organisation
    for rule in one.routing:
        if not rule.when or compile_rule(rule.when).holds(names):
            explain = rule.texts.get(language, {}).get("explain") or rule.explain or rule.title
            return Route(find_organisation(rule.organisation or own), rule.priority, explain)
    return Route(find_organisation(own))


def title_of(one: CaseType, names: Mapping[str, Any]) -> str:
    """What the type's `summary` says, else the category's title, else the type's."""
    said = compile_rule(one.summary).evaluate(names) if one.summary else None
    category = one.find_category(str(names["category"]))
    return said if isinstance(said, str) and said.strip() else (category or one).title


def applies(task: Task, names: Mapping[str, Any]) -> bool:
    """Whether the case has this task."""
    return not task.when or compile_rule(task.when).holds(names)


def find_organisation(key: str) -> int | None:
    """Its id; an organisation that the city does not have is the city itself (`stadt doctor` names it)."""
    return Organisation.objects.filter(key=key).values_list("pk", flat=True).first() if key else None
