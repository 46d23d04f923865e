"""Operators set up sources, tokens, profiles and devices in the pages, without JavaScript."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, User
from stadt.core.people.services import create_administrator
from stadt.hub.ingest.intake import accept_uplinks
from stadt.hub.ingest.models import Device, DeviceProfile, Replay, Source
from stadt.hub.ingest.tests.city import make_profile, make_source, organisation
from stadt.hub.ingest.tests.test_intake import read
from stadt.hub.ingest.tests.uplinks import uplink

pytestmark = pytest.mark.django_db

ROW = {"path": "fill_level", "name": "Füllstand", "key": "fill-level", "unit_code": "%",
       "observation_type": "OM_Measurement", "factor": "1", "offset": "0", "minimum": "0", "maximum": "100"}  # fmt: skip
HEAD = {"title": "Füllstandssensor", "key": "fill-sensor", "category": "container"}


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser signed in as administrator."""
    user = create_administrator(Actor.system("test"), "operator@stadt.example", "Viele-Sensoren-3000")
    client.force_login(user)
    return client


def posted(*rows: dict[str, str], **more: str) -> dict[str, str]:
    """A profile form's content."""
    data = {**HEAD, "zeilen-TOTAL_FORMS": str(len(rows)), "zeilen-INITIAL_FORMS": "0", **more}
    return data | {f"zeilen-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    "name", ["ingest:sources", "ingest:source_new", "ingest:profiles", "ingest:profile_new"]
)
def test_strangers_are_sent_to_sign_in_and_people_without_the_right_refused(
    client: Client, name: str
) -> None:
    assert client.get(reverse(name)).status_code == 302
    client.force_login(User.objects.create_user("someone@stadt.example", "x"))
    assert client.get(reverse(name)).status_code == 403


def test_a_source_is_created_and_its_page_tells_the_webhook(operator: Client) -> None:
    organisation()
    data = {
        "title": "Netz",
        "slug": "netz",
        "organisation": str(organisation().pk),
        "keep_frames_days": "14",
        "silent_after_hours": "6",
    }
    answer = operator.post(reverse("ingest:source_new"), data, follow=True)
    assert answer.status_code == 200
    assert "/ingest/tts/netz" in text_of(answer)
    source = Source.objects.get()
    assert (source.keep_frames_days, source.silent_after_hours) == (14, 6)


def test_a_taken_slug_is_refused_beside_its_field(operator: Client) -> None:
    make_source(slug="netz")
    data = {
        "title": "Netz",
        "slug": "netz",
        "organisation": str(organisation().pk),
        "keep_frames_days": "14",
        "silent_after_hours": "6",
    }
    answer = operator.post(reverse("ingest:source_new"), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["slug"] == ["Eine Quelle mit dieser Kennung gibt es schon."]


def test_a_token_is_shown_once_and_can_be_revoked(operator: Client) -> None:
    source = make_source()
    page = reverse("ingest:source", kwargs={"slug": source.slug})
    form = operator.get(page).context["form"]

    answer = operator.post(
        reverse("ingest:token_issue", kwargs={"slug": source.slug}),
        {"title": "Webhook", "expires_on": form["expires_on"].value().isoformat()},
    )

    secret = re.search(r'id="secret"[^>]*value="(stadt_[^"]+)"', answer.content.decode())
    assert secret
    assert "no-store" in answer["Cache-Control"]
    assert secret[1] not in operator.get(page).content.decode()

    token = ApiToken.objects.get(subject="source:rathaus")
    operator.post(reverse("ingest:token_revoke", kwargs={"slug": source.slug, "token_id": token.pk}))
    token.refresh_from_db()
    assert not token.is_valid


@pytest.mark.parametrize("day", ["2020-01-01", "2199-01-01", "morgen", ""])
def test_a_token_with_an_impossible_end_is_refused(operator: Client, day: str) -> None:
    source = make_source()
    url = reverse("ingest:token_issue", kwargs={"slug": source.slug})
    answer = operator.post(url, {"title": "Webhook", "expires_on": day})
    assert answer.status_code == 422
    assert "expires_on" in answer.context["form"].errors
    assert not ApiToken.objects.exists()


def test_a_profile_is_created_from_its_rows(operator: Client) -> None:
    answer = operator.post(
        reverse("ingest:profile_new"),
        posted(ROW, {"factor": "1", "offset": "0", "observation_type": "OM_Measurement"}),
    )
    assert answer.status_code == 302, text_of(answer)
    profile = DeviceProfile.objects.get()
    assert [(row.key, row.unit_code, row.unit_symbol) for row in profile.rows.all()] == [
        ("fill-level", "%", "%")
    ]
    assert operator.get(reverse("ingest:profile", kwargs={"key": "fill-sensor"})).status_code == 200


def test_a_unit_that_is_none_is_refused_beside_its_field(operator: Client) -> None:
    answer = operator.post(reverse("ingest:profile_new"), posted(ROW | {"unit_code": "°C"}))
    assert answer.status_code == 422
    assert "UCUM" in str(answer.context["rows"].forms[0].errors["unit_code"])
    assert not DeviceProfile.objects.exists()


def test_a_payload_is_tried_out_without_storing_anything(operator: Client) -> None:
    payload = '{"uplink_message": {"decoded_payload": {"fill_level": 62.5}}}'
    answer = operator.post(reverse("ingest:profile_new"), posted(ROW, payload=payload, ausprobieren="1"))
    assert answer.status_code == 200
    assert "62,5 %" in text_of(answer)
    assert not DeviceProfile.objects.exists()


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ("", "JSON ein"),
        ("{", "kein JSON"),
        ("[1]", "decoded_payload"),
        ('{"fill_level": 500}', "gültigen Bereichs"),
    ],
)
def test_a_payload_that_fits_not_is_explained(operator: Client, payload: str, told: str) -> None:
    answer = operator.post(reverse("ingest:profile_new"), posted(ROW, payload=payload, ausprobieren="1"))
    assert told in text_of(answer)


def test_more_rows_come_without_javascript_and_keep_what_was_written(operator: Client) -> None:
    data = posted(ROW) | {"zeilen-mehr": "1"}
    rows = operator.post(reverse("ingest:profile_new"), data).context["rows"]
    assert len(rows.forms) == 4
    assert rows.forms[0].initial["key"] == "fill-level"


def test_a_profile_can_be_corrected_and_its_messages_read_again(operator: Client) -> None:
    profile = make_profile()
    accept_uplinks(make_source(profile), [read(uplink())])
    page = reverse("ingest:profile", kwargs={"key": profile.key})
    shown = operator.get(page).context["rows"]
    data = {
        **HEAD,
        "is_public": "on",
        "battery_path": "battery",
        "zeilen-TOTAL_FORMS": "2",
        "zeilen-INITIAL_FORMS": "2",
    }
    for n, form in enumerate(shown.forms[:2]):
        for name, value in form.initial.items():
            data[f"zeilen-{n}-{name}"] = "" if value is None else str(value)
    data["zeilen-0-factor"] = "0.5"
    assert operator.post(page, data).status_code == 302
    profile.refresh_from_db()
    assert profile.revision == 2
    assert profile.rows.get(key="fill-level").factor == 0.5

    answer = operator.post(reverse("ingest:replay", kwargs={"key": profile.key}), follow=True)
    assert answer.status_code == 200
    assert Replay.objects.get().total == 1


def test_devices_show_values_health_and_messages(operator: Client) -> None:
    profile = make_profile()
    source = make_source(profile)
    message = uplink(
        {"fill_level": 62, "temperature": 200}, locations={"user": {"latitude": 51.5, "longitude": 7.0}}
    )
    accept_uplinks(source, [read(message)])
    device = Device.objects.get()
    assert "container-0001" in text_of(operator.get(reverse("ingest:devices", kwargs={"slug": source.slug})))
    page = text_of(
        operator.get(reverse("ingest:device", kwargs={"slug": source.slug, "device_id": device.pk}))
    )
    assert "62 %" in page
    assert "-97" in page or "−97" in page
    assert "temperature: außerhalb des gültigen Bereichs" in page


def test_a_device_is_added_and_placed(operator: Client) -> None:
    profile, source = make_profile(), make_source()
    url = reverse("ingest:device_new", kwargs={"slug": source.slug})
    data = {"device_id": "c-1", "profile": str(profile.pk), "lat": "51,55", "lon": "7,06", "enabled": "on"}
    assert operator.post(url, data | {"lat": ""}).status_code == 422
    assert operator.post(url, data).status_code == 302
    device = Device.objects.get()
    assert (device.lat, device.lon, device.is_placed) == (51.55, 7.06, True)
    edit = reverse("ingest:device_edit", kwargs={"slug": source.slug, "device_id": device.pk})
    assert operator.get(edit).status_code == 200
    assert operator.post(edit, {"profile": str(profile.pk), "title": "Marktplatz"}).status_code == 302
    device.refresh_from_db()
    assert (device.title, device.enabled, device.is_placed) == ("Marktplatz", False, False)


def test_the_pages_speak_english_too(operator: Client) -> None:
    make_source()
    answer = operator.get(reverse("ingest:sources"), headers={"Accept-Language": "en"})
    assert answer.status_code == 200


def test_a_source_of_another_organisation_is_not_found(client: Client) -> None:
    make_source()
    client.force_login(User.objects.create_user("someone@stadt.example", "x"))
    assert client.get(reverse("ingest:source", kwargs={"slug": "rathaus"})).status_code == 403


@pytest.mark.parametrize(
    "name", ["ingest:refusals", "ingest:devices", "ingest:source_edit", "ingest:device_new"]
)
def test_every_page_of_a_new_source_opens(operator: Client, name: str) -> None:
    make_source()
    assert operator.get(reverse(name, kwargs={"slug": "rathaus"})).status_code == 200
    assert operator.get(reverse(name, kwargs={"slug": "gibt-es-nicht"})).status_code == 404
