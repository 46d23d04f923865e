"""Which backups stay: seven days, four weeks, twelve months, and never without the last good one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from stadt.hub.backup.keeping import Stored, list_stored, name_for, sum_beside, superfluous

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = datetime(2026, 11, 25, 1, 7, tzinfo=UTC)


def nightly(count: int, *, bad: frozenset[int] = frozenset()) -> list[Stored]:
    """One backup a night until today, the oldest first; `bad` counts back from today."""
    return [
        Stored(Path(f"{ago}"), TODAY - timedelta(days=ago), ago not in bad)
        for ago in range(count - 1, -1, -1)
    ]


def kept(stored: list[Stored]) -> list[int]:
    """Ages in days of what stays."""
    gone = superfluous(stored, BERLIN)
    return sorted(int(item.path.name) for item in stored if item not in gone)


def test_a_year_of_nights_leaves_days_weeks_and_months() -> None:
    ages = kept(nightly(500))
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert len(ages) <= 7 + 4 + 12
    months = {(TODAY - timedelta(days=age)).strftime("%Y-%m") for age in ages}
    assert len(months) == 12


def test_several_of_one_day_leave_the_last() -> None:
    hours = [Stored(Path(f"{n}"), TODAY + timedelta(hours=n), is_good=True) for n in range(5)]
    assert [item.path.name for item in superfluous(hours, BERLIN)] == ["0", "1", "2", "3"]


def test_what_was_never_proved_does_not_push_out_what_was() -> None:
    assert 20 in kept(nightly(21, bad=frozenset(range(20))))


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), unique_by=lambda item: item[0]))
def test_the_newest_good_one_always_stays(given_ones: list[tuple[int, bool]]) -> None:
    stored = sorted(
        (Stored(Path(str(ago)), TODAY - timedelta(days=ago), good) for ago, good in given_ones),
        key=lambda item: item.at,
    )
    gone = superfluous(stored, BERLIN)
    good = [item for item in stored if item.is_good]
    assert good[-1:] == [item for item in good[-1:] if item not in gone]
    assert good or not gone


def test_only_own_names_of_this_city_are_seen(tmp_path: Path) -> None:
    mine = tmp_path / name_for("probstadt", TODAY, encrypted=True)
    other = tmp_path / name_for("probstadt-nord", TODAY, encrypted=False)
    for path in (mine, other, tmp_path / "letter.txt", tmp_path / "stadt-probstadt-2026.tar"):
        path.write_text("x")
    sum_beside(mine).write_text("0")
    assert list_stored(tmp_path, "probstadt") == [Stored(mine, TODAY.replace(second=0), is_good=True)]


def test_a_path_as_city_gives_a_plain_name() -> None:
    assert (
        name_for("/srv/Städte/Unsere Stadt", TODAY, encrypted=False)
        == "stadt-unsere-stadt-20261125T010700Z.tar"
    )
