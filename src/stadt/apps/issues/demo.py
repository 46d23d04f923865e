"""The demo city's reports: made up, marked as such everywhere, spread over eighteen months.

They are written as rows, not one by one through the verbs: what they tell lies in the past, and verbs live now. What a
verb would have kept (history, clock, place, owner) is kept too, and the public side is made by its own rebuild.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.issues.demo_photos import give_photos
from stadt.apps.issues.shown.projection import rebuild_projection
from stadt.apps.issues.shown.words import DOOR
from stadt.civic.cases.catalogue import CaseType, Category, Face, Move, State
from stadt.civic.cases.clock import calendar_of_city, due
from stadt.civic.cases.models import Case, Entry, Source
from stadt.civic.cases.services.opening import make_reference
from stadt.civic.cases.versions import list_types
from stadt.civic.files.services import erase_files
from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.ingest.demo import Spot, spots
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import assign

ACTOR = Actor.system("demo")
REPORTS = 300
SPREAD = timedelta(days=540)
SEED = 7
DAYS = 10
"""Until when a made-up report was due where its category says nothing."""
OFFICE = frozenset({"handler", "decider"})


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to one made-up report: the states it goes through, each with its moment and the move into it."""

    category: Category
    spot: Spot
    steps: list[tuple[datetime, Move | None, State]] = field(default_factory=list)


def fill(progress: Callable[[str], None]) -> None:
    """Give the demo city its reports; a second time nothing happens."""
    made = sum(_fill_type(one) for one in list_types() if one.door == DOOR)
    if made:
        progress(gettext("%(count)d erfundene Meldungen") % {"count": made})


def clear() -> None:
    """Remove them."""
    types = [one.key for one in list_types() if one.door == DOOR]
    with transaction.atomic(), connection.cursor() as cursor:
        for case in Case.objects.filter(is_example=True, type_key__in=types):
            # The history lets go only of the case that is named.
            cursor.execute("SELECT set_config('cases.erasing', %s, true)", [str(case.pk)])
            erase_files(case.subject, actor=ACTOR)
            case.delete()
        record(ACTOR, "clear_demo", "issues:demo")
    rebuild_projection()


def _fill_type(case_type: CaseType) -> int:
    if Case.objects.filter(type_key=case_type.key, is_example=True).count() >= REPORTS:
        return 0
    categories = [one for one in case_type.categories if one.is_public and not one.stops and one.needs_place]
    if not categories:
        return 0
    with transaction.atomic():
        cases = _keep(case_type, list(_stories(case_type, categories)))
        give_photos(cases)
        record(ACTOR, "fill_demo", "issues:demo", {"count": len(cases)})
    rebuild_projection()
    return len(cases)


def _stories(case_type: CaseType, categories: Sequence[Category]) -> Iterator[Story]:
    """Reports with more of the first categories than of the last, and mostly closed ones among the old."""
    chance = random.Random(SEED)
    now = timezone.now()
    weights = [1 / (place + 2) for place in range(len(categories))]
    for spot in spots(REPORTS, "issues"):
        [category] = chance.choices(categories, weights)
        # More of the newer ones, in the daytime.
        age = SPREAD * chance.random() ** 1.4
        received = (now - age).replace(hour=chance.randint(6, 18), minute=chance.randint(0, 59), second=0)
        story = Story(category, spot, [(min(received, now), None, case_type.initial)])
        _go_on(story, case_type, chance, now)
        yield story


def _go_on(story: Story, case_type: CaseType, chance: random.Random, now: datetime) -> None:
    """Let the office work on it as far as time allows."""
    end = Face.NOT_POSSIBLE if chance.random() < 0.08 else Face.DONE
    moment = story.steps[0][0]
    is_stuck = chance.random() < 0.04
    for face in (Face.CHECKING, Face.PLANNED, end):
        found = _move_to(case_type, story.steps[-1][2], face)
        if found is None or (is_stuck and face == end):
            continue
        moment += timedelta(days=chance.expovariate(1 / 3.2), hours=chance.uniform(1, 8))
        if moment >= now:
            return
        story.steps.append((moment, *found))


def _move_to(case_type: CaseType, state: State, face: Face) -> tuple[Move, State] | None:
    for move in case_type.moves_from(state.key):
        target = case_type.find_state(move.target)
        if target and target.face == face and target.is_public and not target.pauses and move.who in OFFICE:
            return move, target
    return None


def _keep(case_type: CaseType, stories: Sequence[Story]) -> list[Case]:
    """Write the cases and their history, in the order in which they were received."""
    stories = sorted(stories, key=lambda story: story.steps[0][0])
    points = [(story.spot.lon, story.spot.lat) for story in stories]
    quarters, districts = assign(points, PlaceKind.QUARTER), assign(points, PlaceKind.DISTRICT)
    owners = {one.key: one for one in Organisation.objects.all()}
    calendar, chance = calendar_of_city(), random.Random(SEED)
    cases = []
    for story, quarter, district in zip(stories, quarters, districts, strict=True):
        received, last = story.steps[0][0], story.steps[-1]
        is_closed = last[2].face in (Face.DONE, Face.NOT_POSSIBLE)
        planned = next((when for when, _move, state in story.steps if state.face == Face.PLANNED), None)
        cases.append(
            Case(
                reference=make_reference(),
                type_key=case_type.key,
                type_version=case_type.version,
                category=story.category.key,
                title=story.category.title,
                state=last[2].key,
                face=str(last[2].face),
                lon=story.spot.lon,
                lat=story.spot.lat,
                district_id=district.id if district else None,
                quarter_id=quarter.id if quarter else None,
                organisation=owners.get(story.category.organisation or case_type.organisation),
                source=Source.WEB,
                received_at=received,
                changed_at=last[0],
                due_at=due(received, story.category.deadline_days or DAYS, "working", (), calendar),
                planned_for=(planned + timedelta(days=4)).date() if planned else None,
                closed_at=last[0] if is_closed else None,
                weight=max(0, round(chance.expovariate(1 / 0.8))) if chance.random() < 0.3 else 0,
                is_example=True,
            )
        )
    kept = Case.objects.bulk_create(cases)
    Entry.objects.bulk_create(
        [
            entry
            for case, story in zip(kept, stories, strict=True)
            for entry in _entries(case, story, case_type)
        ]
    )
    return kept


def _entries(case: Case, story: Story, case_type: CaseType) -> Iterator[Entry]:
    before = ""
    for when, move, state in story.steps:
        yield Entry(
            case=case,
            at=when,
            actor_kind="system",
            actor_id=ACTOR.identifier,
            kind="moved" if move else "opened",
            move=move.key if move else "",
            from_state=before,
            to_state=state.key,
            public_text=_said(case, move, case_type) if move else "",
            reason=gettext("Der Ort gehört nicht der Stadt (erfundenes Beispiel).")
            if state.face == Face.NOT_POSSIBLE
            else "",
            data={"pauses": state.pauses},
        )
        before = state.key


def _said(case: Case, move: Move, case_type: CaseType) -> str:
    """The template's words, as an officer would send them."""
    template = case_type.find_template(move.template)
    if template is None:
        return ""
    day = case.planned_for.strftime("%d.%m.%Y") if case.planned_for else ""
    return template.text.replace("{reference}", case.reference).replace("{planned_for}", day).strip()
