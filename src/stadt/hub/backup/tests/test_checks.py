"""When a backup is due, and what the doctor says of the last one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from stadt.core.errors import ConfigurationError
from stadt.core.people.models import Setting
from stadt.hub.backup import checks
from stadt.hub.backup.services import FAILED, LAST, folder_of, read_recipients

NIGHT = datetime(2026, 11, 25, 0, 7, tzinfo=UTC)  # 1.07 in Berlin


def test_the_first_is_due_at_once_then_one_each_night_after_one_o_clock() -> None:
    assert checks.is_due(None, NIGHT)
    assert checks.is_due(NIGHT - timedelta(days=1), NIGHT)
    assert not checks.is_due(NIGHT - timedelta(minutes=5), NIGHT)
    assert not checks.is_due(NIGHT - timedelta(hours=2), NIGHT - timedelta(minutes=30))


@pytest.fixture
def switched_on(settings: Any, tmp_path: Path) -> None:
    """Backups go into a folder."""
    settings.STADT = replace(django_settings.STADT, backup=tmp_path)


def remember(key: str, **value: Any) -> None:
    """As the job does."""
    Setting.objects.update_or_create(key=key, defaults={"value": value})


@pytest.mark.django_db
def test_where_backups_are_off_nothing_is_asked() -> None:
    assert checks.check_recent() is None


@pytest.mark.django_db
@pytest.mark.usefixtures("switched_on")
def test_an_old_or_missing_backup_is_told_with_the_reason() -> None:
    remember(FAILED, at="2026-11-25T00:00:00+00:00", reason="Der Datenträger fehlt.")
    assert checks.check_recent() == "Es gibt noch keine Sicherung. Der Datenträger fehlt."
    remember(LAST, at=(timezone.now() - timedelta(days=3)).isoformat(), gaps=0)
    assert str(checks.check_recent()).startswith("Die letzte Sicherung ist vom ")
    remember(LAST, at=timezone.now().isoformat(), gaps=0)
    assert checks.check_recent() is None
    assert next(iter(checks.read_age()))[1] < 60


@pytest.mark.django_db
@pytest.mark.usefixtures("switched_on")
def test_a_backup_with_gaps_is_told() -> None:
    remember(LAST, at=timezone.now().isoformat(), gaps=2)
    assert "(2)" in str(checks.check_recent())


def test_a_folder_that_is_not_mounted_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"eingehängt|mounted"):
        folder_of(replace(django_settings.STADT, backup=tmp_path / "nas"))
    assert not (tmp_path / "nas").exists()


def test_recipients_are_read_line_by_line_and_an_empty_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "backup-recipients"
    assert read_recipients(file) == ()
    file.write_text("# archive of the town hall\n\nage1abc\nage1def # no\n".replace(" # no", ""))
    assert read_recipients(file) == ("age1abc", "age1def")
    file.write_text("# nobody\n")
    with pytest.raises(ConfigurationError):
        read_recipients(file)
