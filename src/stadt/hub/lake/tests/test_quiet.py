"""DuckDB says nothing by itself: a bar on standard output would stand in the answer of a process that is asked."""

from pathlib import Path

from stadt.hub.lake.engine import Engine
from stadt.hub.lake.reading import reader

ASKED = "SELECT current_setting('enable_progress_bar')"


def test_no_bar_is_drawn_while_a_long_query_runs(tmp_path: Path) -> None:
    with reader((tmp_path,)) as lake:
        assert lake.rows(ASKED) == [(False,)]
    assert Engine(tmp_path / "lake").ask(ASKED) == [(False,)]
