"""The demo's reports are made up, marked, and gone when the demo is cleared."""

import msgspec
import pytest
from django.utils import timezone

from stadt.apps.issues import demo, demo_photos
from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.projection import find_drift
from stadt.apps.issues.shown.tests.reports import TYPE
from stadt.civic.cases.models import Case, CaseTypeVersion
from stadt.civic.cases.versions import digest_of_type
from stadt.civic.files.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same demo with fewer reports."""
    monkeypatch.setattr(demo, "REPORTS", 40)
    monkeypatch.setattr(demo_photos, "WITH_PHOTOS", 2)
    CaseTypeVersion.objects.create(
        key=TYPE.key, version=TYPE.version, definition=msgspec.to_builtins(TYPE), sha256=digest_of_type(TYPE)
    )


def test_every_report_is_an_example_in_the_past_and_public_as_its_case_says() -> None:
    told: list[str] = []
    demo.fill(told.append)
    demo.fill(told.append)
    assert len(told) == 1
    assert Case.objects.count() == PublicIssue.objects.count() == 40
    assert not Case.objects.filter(is_example=False).exists()
    assert not Case.objects.filter(changed_at__gt=timezone.now()).exists()
    assert find_drift() == []
    assert {"done", "not_possible"} & set(PublicIssue.objects.values_list("face", flat=True))
    assert PublicIssue.objects.exclude(photos=[]).count() == 2


def test_clearing_leaves_nothing_but_what_people_told() -> None:
    demo.fill(lambda _line: None)
    own = Case.objects.order_by("pk")[0]
    Case.objects.filter(pk=own.pk).update(is_example=False)
    demo.clear()
    assert [case.pk for case in Case.objects.all()] == [own.pk]
    assert [issue.pk for issue in PublicIssue.objects.all()] == [own.pk]
    assert not StoredFile.objects.exclude(subject=own.subject).exists()
