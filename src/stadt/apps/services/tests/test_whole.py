"""A service that is only two TOML files in a folder runs from its first step to the office's answer and back."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.services.tests.filling import SYSTEM, Offer
from stadt.civic.cases.models import Case
from stadt.civic.cases.services import ask_citizen, move_case

FORM = """
key = "bench"
title = "Eine Bank wünschen"

[[step]]
key = "wish"
title = "Wunsch"

[[step.field]]
key = "why"
kind = "long_text"
title = "Warum hier?"
required = true
"""
SERVICE = """
title = "Bank wünschen"
door = "dienste"
form = "bench"
receipt = "receipt"

[[state]]
key = "new"
title = "neu"
face = "received"
is_initial = true
public_text = "Ihr Wunsch ist da."

[[state]]
key = "asked"
title = "gefragt"
face = "checking"
pauses = true
public_text = "Wir haben eine Frage."

[[state]]
key = "planned"
title = "geplant"
face = "planned"
public_text = "Die Bank kommt."

[[state]]
key = "built"
title = "aufgestellt"
face = "done"
is_final = true
public_text = "Die Bank steht."

[[move]]
key = "ask"
title = "Fragen"
source = ["new"]
target = "asked"
asks = ["text"]

[[move]]
key = "answered"
title = "Antwort ist da"
source = ["asked"]
target = "new"
who = "system"

[[move]]
key = "plan"
title = "Planen"
source = ["new"]
target = "planned"
asks = ["planned_for"]

[[move]]
key = "build"
title = "Aufstellen"
source = ["planned"]
target = "built"

[[move]]
key = "again"
title = "Sie wackelt"
source = ["built"]
target = "new"
who = "reporter"
within_days = 14
asks = ["text"]

[[template]]
key = "receipt"
title = "Eingang"
text = "Ihr Wunsch {reference} ist da."
"""


@pytest.fixture
def bench(offer: Offer, tmp_path: Path) -> None:
    for name, text in (("forms/bench.toml", FORM), ("services/bench.toml", SERVICE)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    offer(tmp_path)


def test_two_files_are_a_whole_service(client: Client, bench: None) -> None:
    assert "Bank wünschen" in client.get("/dienste/").content.decode()
    step = client.post("/dienste/bench/")["Location"]
    review = client.post(step, {"why": "Meine Großmutter ruht hier aus."})["Location"]
    receipt = client.post(review, {"tat": "senden"})["Location"]
    assert "Ihr Wunsch ist da." in client.get(receipt).content.decode()
    link, case = receipt.removesuffix("beleg/"), Case.objects.get()

    ask_citizen(SYSTEM, case.pk, "Mit oder ohne Lehne?")
    shown = client.get(link).content.decode()
    assert "Mit oder ohne Lehne?" in shown
    assert "Wir haben eine Frage." in shown

    assert client.post(link, {"text": "Mit Lehne, bitte."}).status_code == 302
    case.refresh_from_db()
    assert case.state == "new"
    assert "Mit Lehne, bitte." in client.get(link).content.decode()

    move_case(SYSTEM, case.pk, "plan", planned_for=timezone.localdate() + timedelta(days=30))
    assert "Geplant für den" in client.get(link).content.decode()
    move_case(SYSTEM, case.pk, "build", text="Sie steht am Weiher.")
    shown = client.get(link).content.decode()
    assert "Sie steht am Weiher." in shown
    assert "Sie wackelt" in shown

    assert client.post(link, {"schritt": "again", "text": "Ein Bein ist kurz."}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("new", 1)
