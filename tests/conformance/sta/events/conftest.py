"""Streams in tests look at the feed more often than in a city, so that nobody waits."""

import pytest


@pytest.fixture(autouse=True)
def quick_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.hub.sta.live import tail

    monkeypatch.setattr(tail, "POLL_SECONDS", 0.02)
