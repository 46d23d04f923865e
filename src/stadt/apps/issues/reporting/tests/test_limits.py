"""Who sends a lot is slowed down by household and by network."""

import pytest

from stadt.apps.issues.reporting import limits
from stadt.core.errors import TooMany
from stadt.hub.datasets.pacing import Pace


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("127.0.0.1", "127.0.0.1"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert limits.network_of(address) == network


def test_a_household_is_slowed_down_and_its_neighbour_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "household_pace", Pace(burst=2, per_second=0.001))
    monkeypatch.setattr(limits, "network_pace", Pace(burst=100, per_second=0.001))
    for _ in range(2):
        limits.take_report("203.0.113.7")
    with pytest.raises(TooMany):
        limits.take_report("203.0.113.7")
    limits.take_report("203.0.113.8")


def test_changing_the_address_within_a_network_does_not_help_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "household_pace", Pace(burst=10, per_second=0.001))
    monkeypatch.setattr(limits, "network_pace", Pace(burst=5, per_second=0.001))
    for last in range(5):
        limits.take_report(f"203.0.113.{last + 1}")
    with pytest.raises(TooMany):
        limits.take_report("203.0.113.99")
    limits.take_report("198.51.100.1")
