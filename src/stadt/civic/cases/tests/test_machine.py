"""Whatever is tried in whatever order: a case is only ever where its type lets it be, and its history says the same."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.civic.cases import queries, services, versions
from stadt.civic.cases.models import Case, Entry
from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor

from .conftest import Town

SYSTEM = Actor.system("test")
MOVES = (
    "look",
    "ask",
    "answer",
    "plan",
    "fix",
    "report_fixed",
    "refuse",
    "reopen",
    "not_fixed",
    "expire",
    "nothing",
)


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tried=st.lists(st.sampled_from(MOVES), max_size=10))
def test_a_case_is_where_its_history_says_and_where_its_type_allows(town: Town, tried: list[str]) -> None:
    case = town.open()
    one = versions.type_of(case)
    state = case.state
    for key in tried:
        allowed = {move.key: move for move in one.moves_from(state)}
        try:
            services.move_case(
                SYSTEM,
                case.pk,
                key,
                text="Text",
                reason="Grund",
                planned_for=timezone.localdate() + timedelta(days=1),
            )
        except StadtError:
            assert key not in allowed
            continue
        assert key in allowed
        state = allowed[key].target
    now = Case.objects.get(pk=case.pk)
    steps = list(Entry.objects.filter(case=case, kind__in=("opened", "moved")).order_by("pk"))
    assert now.state == state == steps[-1].to_state
    assert [step.from_state for step in steps[1:]] == [step.to_state for step in steps[:-1]]
    kept = one.find_state(state)
    assert kept is not None
    assert (now.face, now.is_closed, now.paused_at is not None) == (
        str(kept.face),
        kept.is_final,
        kept.pauses,
    )
    assert now.revision == len(steps)
    assert len(queries.public_history(now)) == len(steps)
