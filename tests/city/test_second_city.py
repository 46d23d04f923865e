"""A second, tiny city: the same code runs a town that it has never heard of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBSTADT = Path(__file__).resolve().parent / "probstadt"
UNIT_TESTS = "not browser and not soak"
# What reads the city's folder; all of them together take five minutes and are part of the soak.
SPEAKS_OF_THE_CITY = (
    "src/stadt/apps/home",
    "src/stadt/apps/strategy/gaps",
    "src/stadt/apps/strategy/parsing",
    "src/stadt/apps/strategy/record/tests/test_content.py",
    "src/stadt/apps/strategy/record/tests/test_import.py",
    "src/stadt/apps/strategy/tests",
    "src/stadt/cities",
    "src/stadt/hub/places/tests/test_queries.py",
    "src/stadt/hub/places/tests/test_views.py",
)


def run_as_probstadt(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a process of its own, with its own database, as the second city."""
    outside = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTEST_", "STADT_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-m", UNIT_TESTS, *arguments],
        cwd=ROOT,
        env={**outside, "STADT_TEST_CITY": str(PROBSTADT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif("STADT_TEST_CITY" in os.environ, reason="this is the run for the second city")
class TestSecondCity:
    """Each test is a whole run in another process with a database of its own."""

    @pytest.mark.slow
    def test_its_pages_show_its_own_and_what_speaks_of_the_city_passes_its_tests_there_too(self) -> None:
        done = run_as_probstadt("tests/city/probstadt_pages.py", *SPEAKS_OF_THE_CITY)

        assert done.returncode == 0, done.stdout[-4000:]

    @pytest.mark.soak
    def test_every_unit_test_passes_there_too(self) -> None:
        done = run_as_probstadt("src")

        assert done.returncode == 0, done.stdout[-4000:]
