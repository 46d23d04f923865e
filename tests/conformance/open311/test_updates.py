"""mySociety's extension to Open311: what became of requests, between two moments and page by page."""

from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from .world import ask, days_ago, is_w3, publish, w3

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


class TestUpdates:
    def test_what_became_of_requests_is_a_list_of_updates(self) -> None:
        history = [
            {"on": days_ago(3).isoformat(), "face": "received", "text": ""},
            {"on": days_ago(2).isoformat(), "face": "planned", "text": "Die Arbeit ist eingeplant."},
            {"on": days_ago(1).isoformat(), "face": "done", "text": "Behoben."},
        ]
        publish("AAAA-0001", history=history, face="done", is_closed=True, closed_on=days_ago(1))
        updates = ask("v2/servicerequestupdates.json").json
        assert [tuple(one) for one in updates] == [
            ("update_id", "service_request_id", "status", "updated_datetime", "description", "media_url")
        ] * 2
        assert [(one["status"], one["description"]) for one in updates] == [
            ("open", "Die Arbeit ist eingeplant."), ("closed", "Behoben."),
        ]  # fmt: skip
        assert len({one["update_id"] for one in updates}) == 2
        assert all(is_w3(one["updated_datetime"]) for one in updates)
        xml = ask("v2/servicerequestupdates.xml").xml
        assert (xml.tag, {child.tag for child in xml}) == ("service_request_updates", {"request_update"})

    def test_more_states_come_when_asked_for(self) -> None:
        history = [
            {"on": days_ago(2).isoformat(), "face": face, "text": ""}
            for face in ("received", "checking", "planned", "not_possible")
        ]
        publish("AAAA-0001", history=history)
        states = [one["status"] for one in ask("v2/servicerequestupdates.json", {"extensions": "true"}).json]
        assert states == ["investigating", "action_scheduled", "no_further_action"]

    def test_dates_bound_the_updates(self) -> None:
        history = [
            {"on": days_ago(days).isoformat(), "face": "checking", "text": str(days)} for days in (30, 20, 10)
        ]
        publish("AAAA-0001", history=history, received_on=days_ago(30))
        updates = ask("v2/servicerequestupdates.json", {"start_date": w3(25), "end_date": w3(15)}).json
        assert [one["description"] for one in updates] == ["20"]

    def test_an_update_lies_within_the_hours_that_were_asked_for(self) -> None:
        """FixMyStreet asks for two hours and leaves out what says it was at another time."""
        moment = timezone.now() - timedelta(minutes=30)
        history = [
            {"on": "", "at": moment.isoformat(), "face": face, "text": ""} for face in ("received", "done")
        ]
        publish("AAAA-0001", history=history, received_at=moment)
        query = {"start_date": (moment - timedelta(hours=1)).isoformat(), "end_date": moment.isoformat()}
        [update] = ask("v2/servicerequestupdates.json", query).json
        told = datetime.fromisoformat(update["updated_datetime"])
        assert moment - timedelta(hours=1) <= told <= moment
        earlier = {
            name: (moment - timedelta(hours=hours)).isoformat()
            for name, hours in (("start_date", 2), ("end_date", 1))
        }
        assert ask("v2/servicerequestupdates.json", earlier).json == []

    def test_pages_lead_on_until_every_update_was_told_once(self) -> None:
        moment = (timezone.now() - timedelta(hours=1)).isoformat()
        history = [
            {"on": "", "at": moment, "face": face, "text": ""} for face in ("received", "checking", "done")
        ]
        for number in range(4):
            publish(f"AAAA-000{number}", history=history)
        told = ask("v2/servicerequestupdates.json", {"page_size": "3", "extensions": "true"})
        found = list(told.json)
        while told.next_url:
            address = urlsplit(told.next_url)
            assert address.path == "/open311/v2/servicerequestupdates.json"
            told = ask("v2/servicerequestupdates.json", dict(parse_qsl(address.query)))
            found += told.json
        assert [one["update_id"] for one in found] == sorted({one["update_id"] for one in found})
        assert len(found) == 8
        assert {one["status"] for one in found} == {"investigating", "closed"}

    @pytest.mark.parametrize(
        "after", ["x", "2026-01-01", "2026-01-01T00:00:00Z~A", "2026-01-01T00:00:00Z~A.-1", "~A.1"]
    )
    def test_a_page_that_is_none_is_refused(self, after: str) -> None:
        told = ask("v2/servicerequestupdates.json", {"after": after})
        assert told.status == 400
        assert "after" in told.json[0]["description"]
