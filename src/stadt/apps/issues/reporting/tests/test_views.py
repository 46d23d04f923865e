"""The pages as a browser without JavaScript uses them: any order of steps, any input, nothing lost, nothing doubled."""

import io
import re
from typing import Any

import pytest
from django.core.signing import TimestampSigner, b62_encode
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from stadt.apps.issues.reporting import area, limits
from stadt.apps.issues.reporting.models import ReceivedReport
from stadt.civic.cases.models import Case
from stadt.civic.files.models import StoredFile
from stadt.core.city import current
from stadt.core.people.actor import Actor
from stadt.core.people.services import create_administrator
from stadt.hub.datasets.pacing import Pace
from stadt.hub.places.models import PlaceKind, Spot
from stadt.hub.places.queries import find_place_at, list_areas
from stadt.hub.places.spot_words import fold_words

pytestmark = pytest.mark.usefixtures("catalogue", "areas")
ADDRESS, SERIES = "/melden/neu/", "/melden/reihe/"
KEY = "browser-key-0123456789"


@pytest.fixture(autouse=True)
def paces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts with a fresh pace."""
    monkeypatch.setattr(limits, "household_pace", Pace(burst=5, per_second=0.001))
    monkeypatch.setattr(limits, "network_pace", Pace(burst=50, per_second=0.001))


def form(**fields: Any) -> dict[str, Any]:
    """The form as a person sends it two minutes after it was opened."""
    signer = TimestampSigner(salt="issues.report")
    signer.timestamp = lambda: b62_encode(int(timezone.now().timestamp()) - 120)  # type: ignore[method-assign]
    lon, lat = current().centre
    first = {"key": KEY, "category": "bench", "lon": str(lon), "lat": str(lat), "step": "send", "email": ""}
    named = {name: fields.pop(name, value) for name, value in first.items()}
    return {"started": signer.sign("form"), **{f"report-{k}": v for k, v in named.items()}, **fields}


def picture(name: str = "IMG_1.jpg") -> io.BytesIO:
    """A small photo."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(stream, "JPEG")
    stream.seek(0)
    stream.name = name
    return stream


def test_the_form_offers_categories_and_no_address_of_anybody_else(client: Client) -> None:
    page = client.get(ADDRESS).content.decode()
    assert 'value="lamp"' in page
    assert "test_alarm" not in page
    assert 'value="card"' not in page


def test_a_sticker_brings_place_and_category_along(client: Client) -> None:
    page = client.get(
        ADDRESS, {"art": "lamp", "lon": "7.1", "lat": "51.5", "ding": "Mast 12"}
    ).content.decode()
    assert 'id="art-lamp" checked' in page
    assert "Mast 12" in page
    assert "Kabel" in page


def test_the_thing_of_a_sticker_stays_when_its_place_is_chosen(client: Client) -> None:
    lon, lat = current().centre
    chosen = {"report-address": "Ring", "report-asset": "Mast 12", "report-spot": f"{lon}|{lat}||Ring 1"}
    client.post(ADDRESS, form(lon="", lat="", **chosen))
    case = Case.objects.get()
    assert (case.address, case.asset) == ("Ring 1", "Mast 12")


def test_a_report_is_sent_in_one_go(client: Client) -> None:
    answer = client.post(ADDRESS, form(**{"report-text": "Lehne fehlt"}))
    case = Case.objects.get()
    assert answer.status_code == 302
    assert (case.category, case.text, case.source) == ("bench", "Lehne fehlt", "web")
    receipt = client.get(answer["Location"])
    assert case.reference in receipt.content.decode()
    # The choice of language on this page is a form, which browsers send without their origin after `no-referrer`.
    assert (receipt["Referrer-Policy"], receipt["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in receipt["Cache-Control"]


def test_sending_twice_is_one_report(client: Client) -> None:
    for _ in range(2):
        client.post(ADDRESS, form())
    assert Case.objects.count() == 1


def test_steps_in_any_order_keep_what_was_said(client: Client) -> None:
    first = client.post(
        ADDRESS, form(category="", lon="", lat="", step="check", **{"report-text": "Lehne fehlt"})
    )
    assert "Lehne fehlt" in first.content.decode()
    assert KEY in first.content.decode()
    assert not Case.objects.exists()
    second = client.post(ADDRESS, form(category="lamp", step="check"))
    assert "Was ist mit ihr?" in second.content.decode()


def test_what_is_missing_is_named_and_linked(client: Client) -> None:
    answer = client.post(ADDRESS, form(category="lamp", lon="", lat=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#ort-feld"' in page
    assert 'href="#angaben"' in page
    assert not Case.objects.exists()


def test_photos_survive_a_refusal_and_reach_the_case(client: Client) -> None:
    refused = client.post(
        ADDRESS, {**form(category="", step="check"), "report-photo": [picture(), picture()]}
    )
    keys = list(StoredFile.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert all(key in refused.content.decode() for key in keys)
    client.post(ADDRESS, form(**{"report-kept": keys, "report-drop": keys[:1]}))
    assert list(StoredFile.objects.exclude(subject="").values_list("key", flat=True)) == keys[1:]


def test_nobody_takes_the_photos_of_another_draft(client: Client) -> None:
    client.post(
        ADDRESS,
        {**form(category="", step="check", key="another-key-0123456789"), "report-photo": [picture()]},
    )
    key = StoredFile.objects.get().key
    answer = client.post(ADDRESS, form(**{"report-kept": key}))
    assert answer.status_code in (200, 302)
    assert StoredFile.objects.get().subject == ""


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"%PDF-1.7", b"\xff\xd8\xff" + b"x" * 50])
def test_what_is_no_photo_is_refused_and_the_rest_stays(client: Client, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = "foto.jpg"
    answer = client.post(ADDRESS, {**form(**{"report-text": "Lehne"}), "report-photo": file})
    assert answer.status_code in (200, 302, 422)  # an empty file is no file to a browser's form
    assert not StoredFile.objects.exists()


def test_too_many_photos_are_refused(client: Client) -> None:
    answer = client.post(ADDRESS, {**form(step="check"), "report-photo": [picture() for _ in range(6)]})
    assert answer.status_code == 422
    assert not StoredFile.objects.exists()


def test_an_emergency_cannot_be_sent_and_says_what_to_do(client: Client) -> None:
    answer = client.post(ADDRESS, form(category="gas"))
    assert answer.status_code == 422
    assert "Feuerwehr" in answer.content.decode()
    assert not Case.objects.exists()


def test_markup_is_text(client: Client) -> None:
    page = client.post(
        ADDRESS, form(step="check", **{"report-text": "<script>alert(1)</script>", "report-address": '"><b>'})
    )
    assert "<script>alert(1)" not in page.content.decode()
    assert '"><b>' not in page.content.decode()


def test_robots_are_noticed(client: Client) -> None:
    assert client.post(ADDRESS, {**form(), "website": "https://x.example"}).status_code == 422
    assert client.post(ADDRESS, {**form(), "started": "gestern"}).status_code == 422
    assert not Case.objects.exists()


def test_a_household_is_slowed_down(client: Client) -> None:
    codes = [
        client.post(
            ADDRESS, form(key=f"{number}" * 20, category="word"), REMOTE_ADDR="203.0.113.9"
        ).status_code
        for number in range(6)
    ]
    assert codes[-1] == 429
    assert Case.objects.count() == 5


def test_a_token_of_the_form_is_needed() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ADDRESS, form()).status_code == 403
    assert not Case.objects.exists()


def test_programs_get_json(client: Client) -> None:
    refused = client.post(ADDRESS, form(lon="0", lat="0"), headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "place"


def test_the_part_about_a_category_stands_alone(client: Client) -> None:
    part = client.get(f"{ADDRESS}hinweise/", {"art": "lamp"}).content.decode()
    assert "<html" not in part
    assert "Was ist mit ihr?" in part
    assert client.get(f"{ADDRESS}hinweise/", {"art": "nothing"}).content.decode().strip() == ""


def test_what_lies_at_a_point_is_told(client: Client) -> None:
    lon, lat = current().centre
    assert client.get(f"{ADDRESS}ort/", {"lon": str(lon), "lat": str(lat)}).json()["is_inside"] is True
    assert client.get(f"{ADDRESS}ort/", {"lon": 0, "lat": 0}).json()["is_inside"] is False
    assert client.get(f"{ADDRESS}ort/", {"lon": "nan", "lat": "1"}).status_code == 422


NAMES = [
    "key",
    "category",
    "lon",
    "lat",
    "address",
    "spot",
    "asset",
    "text",
    "name",
    "email",
    "kept",
    "drop",
    "seen",
    "also",
    "step",
]
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            "send",
            "check",
            "lamp",
            "gas",
            "bench",
            "51.5",
            "-1",
            "nan",
            "1e999",
            "7|51|x",
            "7|51|thing|x",
            "||",
            "\0",
            "a\r\nb",
        ]
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([f"report-{name}" for name in NAMES] + ["started", "problem", "number"]), VALUES
    )
)
def test_whatever_is_sent_the_page_answers_and_keeps_nothing_by_halves(
    client: Client, sent: dict[str, str]
) -> None:
    answer = client.post(ADDRESS, {**form(step=""), **sent})
    assert answer.status_code in (200, 302, 400, 404, 422, 429)
    assert (
        client.get(ADDRESS, {name.removeprefix("report-"): value for name, value in sent.items()}).status_code
        == 200
    )
    assert ReceivedReport.objects.count() == Case.objects.count()
    assert not ReceivedReport.objects.filter(case_id=None).exists()


def test_enter_in_a_field_presses_no_me_too(client: Client) -> None:
    client.post(ADDRESS, form(category="lamp", problem="off"))
    page = client.post(ADDRESS, form(key="o" * 20, category="lamp", step="check")).content.decode()
    begin = page.index('action="/melden/neu/"')
    assert "report-also" in page
    assert page.index('type="submit"', begin) < page.index("report-also")
    assert "report-also" not in page[begin : page.index("</button>", begin)]


def test_an_example_that_is_offered_as_known_says_so(client: Client) -> None:
    client.post(ADDRESS, form(category="lamp", problem="off"))
    lon, lat = current().centre
    asked = {"art": "lamp", "lon": str(lon), "lat": str(lat)}
    assert "simuliert" not in client.get(f"{ADDRESS}hinweise/", asked).content.decode()
    Case.objects.update(is_example=True)
    assert "simuliert" in client.get(f"{ADDRESS}hinweise/", asked).content.decode()


def test_me_too_counts_browsers_and_not_households(client: Client) -> None:
    client.post(ADDRESS, form(category="lamp", problem="off"))
    reference = Case.objects.get().reference
    for browser in (client, client, Client()):
        answer = browser.post(ADDRESS, form(step="", **{"report-also": reference}))
        assert answer.status_code == 200
    assert Case.objects.get().weight == 2


def test_robots_have_no_voice(client: Client) -> None:
    client.post(ADDRESS, form(category="lamp", problem="off"))
    sent = form(step="", **{"report-also": Case.objects.get().reference, "website": "https://x.example"})
    assert client.post(ADDRESS, sent).status_code == 422
    assert Case.objects.get().weight == 0


def test_another_address_without_a_script_is_another_point(client: Client) -> None:
    lon, lat = (f"{degrees:.6f}" for degrees in current().centre)
    place = {"lon": lon, "lat": lat, "report-placed": f"{lon}|{lat}|Ring 1"}
    same = client.post(ADDRESS, form(step="check", **place, **{"report-address": "Ring 1"}))
    assert f'value="{lon}"' in same.content.decode()
    other = client.post(ADDRESS, form(step="send", **place, **{"report-address": "Nirgendwo 99"}))
    assert other.status_code == 422
    assert f'value="{lon}"' not in other.content.decode()
    assert not Case.objects.exists()


def test_a_place_that_nobody_knows_leads_to_the_quarters_and_what_was_typed_stays(client: Client) -> None:
    asked = {"lon": "", "lat": "", "report-address": "Nirgendwo 99"}
    page = client.post(ADDRESS, form(**asked)).content.decode()
    offered = re.findall(r'name="report-spot" value="([^"]+)"', page)
    assert len(offered) == len(list_areas(PlaceKind.QUARTER)) > 0
    answer = client.post(ADDRESS, form(**asked, **{"report-spot": offered[0]}))
    assert answer.status_code == 302
    case = Case.objects.get()
    assert (case.address, case.asset) == ("Nirgendwo 99", "")
    assert find_place_at(case.lon or 0, case.lat or 0) == list_areas(PlaceKind.QUARTER)[0]


def test_a_thing_that_is_chosen_is_named_and_the_next_report_of_it_is_known(client: Client) -> None:
    lon, lat = current().centre
    for number in (1, 2):
        name = f"Tonne am Probeplatz ({number})"
        Spot.objects.create(
            kind="site",
            name=name,
            folded=fold_words(name),
            lon=lon,
            lat=lat,
            source="x",
            external_id=str(number),
        )
    asked = {"lon": "", "lat": "", "report-address": "Probeplatz", "problem": "off", "category": "lamp"}
    page = client.post(ADDRESS, form(**asked)).content.decode()
    first = next(value for value in re.findall(r'name="report-spot" value="([^"]+)"', page) if "(1)" in value)
    client.post(ADDRESS, form(**asked, **{"report-spot": first}))
    assert Case.objects.get().asset == "Tonne am Probeplatz (1)"
    again = client.post(ADDRESS, form(**asked | {"report-address": "Tonne am Probeplatz (1)"}, key="o" * 20))
    assert "dieselbe Sache: Tonne am Probeplatz (1)" in again.content.decode()
    assert "Tonne am Probeplatz" not in area.describe(lon, lat).text  # no address of what stands beside it


def test_a_step_before_sending_takes_no_time_from_who_is_quick(client: Client) -> None:
    sent = form(step="check")
    assert f'value="{sent["started"]}"' in client.post(ADDRESS, sent).content.decode()


@pytest.mark.parametrize("reference", ["\0", "ABCD-EFGH", "' OR 1=1", "x" * 900])
def test_joining_what_is_not_there_is_said(client: Client, reference: str) -> None:
    answer = client.post(ADDRESS, form(step="", **{"report-also": reference}))
    assert answer.status_code == 422


def test_the_series_is_for_officers(client: Client) -> None:
    assert client.get(SERIES).status_code == 302
    assert client.post(SERIES, form()).status_code == 302
    assert not Case.objects.exists()


def test_officers_take_one_after_the_other(client: Client) -> None:
    client.force_login(
        create_administrator(Actor.system("test"), "chef@stadt.example", "Viele-Sensoren-3000")
    )
    for number in range(7):
        sent = form(key=f"{number}" * 20, **{"report-text": "Lehne fehlt", "report-keep": "on"})
        answer = client.post(SERIES, sent, REMOTE_ADDR="203.0.113.9")
        assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert 'id="art-bench" checked' in page
    assert "Lehne fehlt" in page
    assert Case.objects.filter(source="staff").count() == 7
    assert all(reference in page for reference in Case.objects.values_list("reference", flat=True))


def test_a_wrong_report_in_a_series_is_said_and_nothing_is_lost(client: Client) -> None:
    client.force_login(
        create_administrator(Actor.system("test"), "chef@stadt.example", "Viele-Sensoren-3000")
    )
    answer = client.post(SERIES, form(lon="0", lat="0", **{"report-text": "Lehne fehlt"}))
    assert answer.status_code == 422
    assert "Lehne fehlt" in answer.content.decode()
    assert not Case.objects.exists()
