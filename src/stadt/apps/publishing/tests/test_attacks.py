"""What somebody with a cheap account, or none, sends to the doors of datasets: nothing runs, nothing breaks, nothing leaks."""

from __future__ import annotations

import json
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, TestCase

from stadt.apps.publishing.tests.office import HOME, Office
from stadt.apps.publishing.tests.once import _django_db_helper, lake, office
from stadt.core.errors import NotFound
from stadt.hub.datasets.cursors import digest_of
from stadt.hub.datasets.downloads import _understand, prepare
from stadt.hub.datasets.formats import FORMATS
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.models import Delivery
from stadt.hub.datasets.public import get_public
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.opendata.index.refresh import refresh_entry

__all__ = ["_django_db_helper", "lake", "office"]
pytestmark = pytest.mark.django_db

KEY = "statistik.script-alert-1-script"
RUN = "<script>alert(1)</script>\"'"
TEXT = f"{RUN} [x](javascript:alert(2)) <img src=x onerror=alert(3)> <a href='javascript:alert(4)'>k</a>"
TABLE = (
    "Jahr;<script>alert(1)</script>;=cmd|'/c calc'!A1;Menge [<img src=x>]\n"
    "2020;<script>alert(1)</script>;=1+1;3\n2021;javascript:alert(5);@SUM(1);4\n2022;x\b\uffff;+1-1;5\n"
)
NAMES = ["jahr", "script_alert_1_script", "cmd_c_calc_a1", "menge_img_src_x"]
ROWS = f"/api/v1/datasets/{KEY}/rows"


@pytest.fixture(scope="module")
def published(office: Office) -> Office:
    """A dataset whose title, texts, headings, units and cells try to run something, published for everybody."""
    office.upload(TABLE.encode(), title=RUN)
    office.work()
    kept = office.kept()
    card = {"description": TEXT, "publisher": RUN, "keywords": [RUN, "=1+1"], "theme": "SOCI", "licence": "DL_DE_ZERO_2"}  # fmt: skip
    kept = services.change_card(office.keeper.actor, kept.key, kept.revision, card)
    kept = services.submit_for_review(office.keeper.actor, kept.key, kept.revision)
    with TestCase.captureOnCommitCallbacks(execute=True):
        services.approve(office.approver.actor, kept.key, kept.revision)
    refresh_entry(KEY)
    return office


@pytest.fixture(autouse=True)
def undone(published: Office) -> Iterator[None]:
    """What a test writes is undone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def visitor() -> Client:
    return Client(raise_request_exception=False)


PUBLIC = ("/", "/daten/", "/daten/?q=alert", f"/daten/{KEY}/", f"/daten/{KEY}/einbetten/")
WORKSHOP = ("", f"{KEY}/", f"{KEY}/angaben/", f"{KEY}/pruefen/", f"{KEY}/lieferungen/1/", f"hochladen/{KEY}/")


def harmless(answer: Any) -> None:
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    for quote in ('"', "'"):
        assert f"href={quote}javascript:" not in page


@pytest.mark.parametrize("address", PUBLIC)
def test_nothing_of_a_dataset_runs_on_a_public_page(address: str) -> None:
    harmless(visitor().get(address))


@pytest.mark.parametrize("address", WORKSHOP)
def test_nothing_of_a_dataset_runs_in_the_workshop(published: Office, address: str) -> None:
    harmless(published.keeper.client.get(HOME + address))


def test_feeds_and_descriptions_hold_it_as_text() -> None:
    for address in ("/daten/feed.atom", f"/dataset/{KEY}.rdf"):
        body = visitor().get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in body
        assert "<script" not in body


def test_headings_are_plain_words_and_cells_no_formulas_in_csv() -> None:
    heading, *rows = visitor().get(f"{ROWS}?format=csv").content.decode().splitlines()
    assert heading.split(",") == NAMES
    assert [row.split(",")[2] for row in rows] == ["'=1+1", "'@SUM(1)", "'+1-1"]


def test_a_sheet_opens_whatever_stands_in_its_cells() -> None:
    dataset, snapshot = get_public(KEY), get_snapshot(KEY)
    form = next(form for form in FORMATS if form.key == "xlsx")
    with zipfile.ZipFile(prepare(dataset, snapshot, form)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert ET.fromstring(sheet).tag.endswith("worksheet")
    assert b"<f>" not in sheet


def cursor(sort: str, *parts: Any, key: str = KEY) -> str:
    number, total, position, keys = parts
    question = digest_of(key, sort, "", [], "", "", "")
    plain = json.dumps([number, question, total, position, keys]).encode()
    return f"sort={sort}&cursor={urlsafe_b64encode(plain).rstrip(b'=').decode()}"


WRONG = (
    "bbox=nan,nan,nan,nan",
    "offset=99999999999999999999",
    "number=99999999999",
    "sort=a%22;drop",
    "select=%00",
    "aggregate=%00",
    "aggregate=jahr:sum;drop",
    "group_by=jahr:day",
    f"filter={NAMES[1]}:in:{'a' * 140_000}",
    f"filter={NAMES[1]}:eq:{'a' * 140_000}",
    f"filter=jahr:eq:{'9' * 5_000}",
    "cursor=%00",
    cursor("jahr", 1, 3, 0, ["nan"]),
    cursor("jahr", 1, 3, 0, []),
    cursor("jahr", 1, 3, -1, ["1"]),
    cursor("jahr", 1, 3, 2**64, ["1"]),
    cursor(NAMES[1], 1, 3, 0, ["\ud800"]),
    cursor("jahr", 1, 3, 0, ["2020"], key="statistik.andere"),
)


@pytest.mark.parametrize("question", WRONG, ids=range(len(WRONG)))
def test_a_question_nobody_asks_honestly_is_refused(question: str) -> None:
    assert visitor().get(f"{ROWS}?{question}").status_code == 422


def test_a_forged_cursor_leads_to_no_other_snapshot() -> None:
    assert visitor().get(f"{ROWS}?{cursor('jahr', 7, 3, 0, ['2020'])}").status_code == 404


NUL = (
    "/daten/?thema=%00",
    "/daten/?q=%00",
    "/daten/%00/",
    f"/daten/{KEY}/?stand=%00",
    f"/daten/{KEY}/?am=%00",
    "/dataset/%00",
    "/datastore/dump/%00",
    f"/datastore/dump/{KEY}?q=%00",
    "/api/3/action/package_show?id=%00",
    "/api/3/action/package_search?fq=%00",
    "/api/v1/datasets/a%00b",
    "/api/v1/datasets?after=%00",
    f"{ROWS}?filter={NAMES[1]}:eq:%00",
    "/daten/adresse/%00/",
)


@pytest.mark.parametrize("address", NUL)
def test_a_nul_in_an_address_breaks_nothing(address: str) -> None:
    assert visitor().get(address).status_code < 500


@pytest.mark.parametrize("number", ["0", "2147483648", "99999999999999999999"])
def test_a_delivery_of_a_number_that_cannot_be_is_not_there(published: Office, number: str) -> None:
    assert published.keeper.client.get(f"{HOME}{KEY}/lieferungen/{number}/").status_code == 404


def test_a_delivery_of_another_office_is_not_there(published: Office) -> None:
    for address in (f"{HOME}{KEY}/lieferungen/1/", f"{HOME}{KEY}/"):
        assert published.stranger.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("a\0b\x07.csv", "ab.csv"), ("\u202evsc.csv", "vsc.csv"), ("../../etc/passwd", "passwd"), ("ü" * 300 + ".csv", None)],
)  # fmt: skip
def test_a_name_of_a_file_is_shown_and_leads_nowhere(published: Office, sent: str, kept: str | None) -> None:
    file = SimpleUploadedFile("a.csv", b"a;b\n1;2\n")
    file._name = sent  # type: ignore[attr-defined]
    data = {"file": file, "organisation": published.organisation.pk}
    assert published.keeper.client.post(f"{HOME}hochladen/", data).status_code == 302
    delivery = Delivery.objects.latest("pk")
    assert kept is None or delivery.filename == kept
    assert len(delivery.filename) <= 200
    assert delivery.original.startswith(f"{delivery.dataset.key}/")
    assert delivery.original.count("/") == 1


def test_a_draft_has_no_page_no_rows_and_no_downloads(published: Office) -> None:
    published.upload(b"a;b\n1;2\n", title="Entwurf")
    key = Delivery.objects.latest("pk").dataset.key
    for address in (f"/daten/{key}/", f"/daten/{key}/einbetten/", f"/dataset/{key}.ttl", f"/api/v1/datasets/{key}", f"/api/v1/datasets/{key}/rows", f"/datastore/dump/{key}"):  # fmt: skip
        assert visitor().get(address).status_code == 404, address
    with pytest.raises(NotFound):
        _understand(f"/files/{key}/1/{key}.csv")


def test_a_session_delivers_by_the_form_and_not_by_the_interface(published: Office) -> None:
    where = f"/api/v1/publishing/datasets/{KEY}/deliveries?filename=a.csv"
    answer = published.keeper.client.post(where, b"a;b\n1;2\n", content_type="text/plain")
    assert answer.status_code == 401


def test_what_was_published_inside_stays_inside_when_a_later_version_is_for_everybody(
    published: Office,
) -> None:
    kept = services.change_card(
        published.keeper.actor, KEY, published.kept().revision, {"access": "internal"}
    )
    for access in ("internal", "public"):
        kept = services.change_card(published.keeper.actor, KEY, kept.revision, {"access": access})
        delivery = services.receive_delivery(
            published.keeper.actor, KEY, "n.csv", [TABLE.replace(";x\b", f";{access}").encode()]
        )
        services.read_delivery(published.keeper.actor, delivery.pk)
        services.prepare_delivery(published.keeper.actor, delivery.pk)
        kept = published.kept()
        kept = services.submit_for_review(published.keeper.actor, KEY, kept.revision)
        kept = services.approve(published.approver.actor, KEY, kept.revision)
    statuses = [visitor().get(f"/daten/{KEY}/?stand={number}").status_code for number in (1, 2, 3)]
    assert statuses[1:] == [410, 200]
    assert visitor().get(f"{ROWS}?number=2").status_code == 410
    assert "internal" not in visitor().get(f"{ROWS}?format=csv").content.decode()
