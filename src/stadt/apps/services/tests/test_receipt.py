"""The receipt proves what arrived when: with its sign, its time, and a checksum that anybody can take again."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.services.tests.filling import SYSTEM, fill_in, step_url
from stadt.apps.services.views import wizard
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Case
from stadt.civic.cases.services import write_citizen
from stadt.civic.files.services import take_file
from stadt.civic.files.tests.images import PDF
from stadt.web.formats import moment


def test_it_can_be_kept_as_one_file_that_holds_no_secret(client: Client, link: str, case: Case) -> None:
    checksum = client.get(f"{link}daten.json").json()["sha256"]
    answer = client.get(f"{link}beleg.html")
    kept = answer.content.decode()
    assert answer["Content-Disposition"] == f'attachment; filename="beleg-{case.reference}.html"'
    for words in (case.reference, moment(case.received_at), checksum, "Ada Muster", "120"):
        assert words in kept
    assert checksum in client.get(f"{link}beleg/").content.decode()
    assert not [word for word in (link.split("/")[3], "<script", "<link", "<img", 'src="') if word in kept]


def test_what_came_later_does_not_change_it(client: Client, link: str, case: Case) -> None:
    before = client.get(f"{link}beleg.html").content
    paper = take_file(BytesIO(PDF), "Pachtvertrag.pdf", actor=SYSTEM)
    write_citizen(SYSTEM, case.pk, "Hier ist der Vertrag.", files=[paper.pk])
    assert client.get(f"{link}beleg.html").content == before


def test_the_checksum_can_be_taken_again_from_the_own_data(client: Client, link: str) -> None:
    own = client.get(f"{link}daten.json").json()
    document = {
        "form": own["form"], "version": own["form_version"], "answers": own["answers"], "salt": own["salt"]
    }  # fmt: skip
    spelled = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(spelled.encode()).hexdigest() == own["sha256"]


@pytest.mark.parametrize("is_gone", [False, True])
def test_after_the_period_the_form_is_closed(
    client: Client, draft: str, allotment: CaseType, monkeypatch: pytest.MonkeyPatch, is_gone: bool
) -> None:
    fill_in(client, draft)
    yesterday = timezone.localdate() - timedelta(days=1)
    over = tuple(msgspec.structs.replace(one, ends=yesterday) for one in allotment.categories)
    closed = msgspec.structs.replace(allotment, categories=() if is_gone else over)
    monkeypatch.setattr(wizard, "get_service", lambda slug: closed)
    shown = client.get(step_url(draft)).content.decode()
    assert "Die Frist ist vorbei" in shown
    assert "Verbindlich absenden" not in shown
    assert "Ada Muster" in shown
    assert client.post(step_url(draft), {"tat": "senden"}).status_code == 409
    assert not Case.objects.exists()
