"""What a report says of a SOLL: the goal that is to be reached, not a point on the way there."""

from datetime import date
from types import SimpleNamespace
from typing import cast

from stadt.apps.reports import judging
from stadt.apps.reports.snapshot import Target
from stadt.apps.steering import public as steering


def test_on_a_path_the_report_prints_the_goal_with_its_day() -> None:
    way, goal = SimpleNamespace(low=10.0, high=None), SimpleNamespace(low=30.0, high=None)
    verdict = SimpleNamespace(
        wanted=way,
        final=goal,
        due=date(2028, 12, 31),
        is_example=False,
        simulated=False,
        state="in_range",
        reason=None,
    )

    found = judging._judgement(cast(steering.Verdict, verdict))

    assert found.target == Target(low=30.0, high=None, due=date(2028, 12, 31), is_example=False)
