"""Open311 GeoReport v2, what is read: each test is one sentence of the specification (docs/apps/open311.md lists them)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from stadt.core.city import current

from .world import ask, days_ago, is_w3, publish, w3

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

REQUEST = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
)  # fmt: skip
SERVICE = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
ATTRIBUTE = ("variable", "code", "datatype", "required", "datatype_description", "order", "description")


def references(**query: Any) -> list[str]:
    return [one["service_request_id"] for one in ask("v2/requests.json", query).json]


class TestDiscovery:
    @pytest.mark.parametrize("form", ["xml", "json"])
    def test_discovery_is_given_in_both_forms_with_all_fields(self, form: str) -> None:
        told = ask(f"discovery.{form}")
        names = [child.tag for child in told.xml] if form == "xml" else list(told.json)
        assert names == ["changeset", "contact", "key_service", "endpoints"]

    def test_an_endpoint_names_specification_address_type_and_formats(self) -> None:
        [endpoint] = ask("discovery.json").json["endpoints"]
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["url"] == f"{settings.STADT.url}/open311/v2"
        assert endpoint["type"] == "production"
        assert endpoint["formats"] == ["text/xml", "application/json"]
        xml = ask("discovery.xml").xml
        assert [one.text for one in xml.iterfind("endpoints/endpoint/formats/format")] == endpoint["formats"]

    def test_the_changeset_changes_with_the_services(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = ask("discovery.json").json["changeset"]
        assert ask("discovery.json").json["changeset"] == before
        monkeypatch.setattr("stadt.apps.open311.endpoint.service_list", list)
        assert ask("discovery.json").json["changeset"] != before


class TestForms:
    @pytest.mark.parametrize(
        ("form", "media_type"),
        [("xml", "text/xml; charset=utf-8"), ("json", "application/json; charset=utf-8")],
    )
    def test_the_form_at_the_end_of_the_address_decides(self, form: str, media_type: str) -> None:
        told = ask(f"v2/services.{form}")
        assert (told.status, told.media_type) == (200, media_type)

    def test_xml_begins_with_its_declaration_and_has_no_namespace(self) -> None:
        told = ask("v2/services.xml")
        assert told.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        assert b"xmlns" not in told.body

    def test_text_is_utf_8_and_markup_in_it_stays_text(self) -> None:
        publish("AAAA-0001", text="Größe <script>alert(1)</script> & \x01 Ende")
        request = ask("v2/requests.xml").xml.find("request")
        assert request is not None
        assert request.findtext("description") == "Größe <script>alert(1)</script> &  Ende"
        assert "Größe" in ask("v2/requests.json").body.decode("utf-8")

    def test_json_and_xml_say_the_same(self) -> None:
        publish("AAAA-0001")
        [request] = ask("v2/requests.json").json
        xml = ask("v2/requests.xml").xml
        [element] = xml
        assert (xml.tag, element.tag) == ("service_requests", "request")
        assert {child.tag: child.text for child in element} == {
            name: None if value in {None, ""} else str(value) for name, value in request.items()
        }

    @pytest.mark.parametrize(
        "path", ["v2/services", "v2/services.csv", "v1/services.json", "v2/nothing.json", "v2//.json"]
    )
    def test_other_addresses_are_not_found(self, path: str) -> None:
        assert ask(path).status == 404


class TestJurisdiction:
    def test_it_may_be_left_out_or_empty(self) -> None:
        assert ask("v2/services.json", {"jurisdiction_id": ""}).body == ask("v2/services.json").body

    def test_the_citys_own_names_are_taken(self) -> None:
        for name in (current().key, current().ags, urlsplit(settings.STADT.url).hostname or ""):
            assert ask("v2/services.json", {"jurisdiction_id": name}).status == 200

    @pytest.mark.parametrize(
        "path",
        [
            "v2/services.json",
            "v2/requests.json",
            "v2/services/P-001.json",
            "v2/requests/AAAA-0001.json",
            "v2/tokens/1.json",
        ],
    )
    def test_another_is_not_found(self, path: str) -> None:
        told = ask(path, {"jurisdiction_id": "elsewhere.example"})
        assert (told.status, told.json[0]["code"]) == (404, 404)
        assert "jurisdiction_id" in told.json[0]["description"]


class TestServices:
    def test_each_service_has_exactly_its_elements(self) -> None:
        services = ask("v2/services.json").json
        assert [tuple(one) for one in services] == [SERVICE] * len(services)
        assert [one.tag for one in ask("v2/services.xml").xml] == ["service"] * len(services)

    def test_only_what_can_be_handed_in_today_is_listed(self) -> None:
        assert [one["service_code"] for one in ask("v2/services.json").json] == ["P-001", "idea"]

    def test_metadata_says_whether_there_are_questions(self) -> None:
        assert [one["metadata"] for one in ask("v2/services.json").json] == [True, False]
        assert [one.findtext("metadata") for one in ask("v2/services.xml").xml] == ["true", "false"]

    def test_every_service_is_realtime_and_has_keywords_and_group(self) -> None:
        [service, _] = ask("v2/services.json").json
        assert (service["type"], service["keywords"], service["group"]) == (
            "realtime",
            "Loch, Straßenschaden",
            "Straße",
        )


class TestDefinition:
    def attributes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ask("v2/services/P-001.json").json["attributes"]
        return found

    def test_it_repeats_the_code_and_lists_the_attributes(self) -> None:
        told = ask("v2/services/P-001.json").json
        assert list(told) == ["service_code", "attributes"]
        assert told["service_code"] == "P-001"
        for attribute in told["attributes"]:
            assert tuple(attribute)[:7] == ATTRIBUTE

    def test_datatypes_are_those_of_the_specification(self) -> None:
        assert {one["code"]: one["datatype"] for one in self.attributes()} == {
            "info": "text", "size": "singlevaluelist", "where": "multivaluelist", "depth": "number", "seen": "datetime",
            "name_it": "string", "more": "text", "danger": "singlevaluelist",
        }  # fmt: skip

    def test_order_counts_from_one_without_repetition(self) -> None:
        assert [one["order"] for one in self.attributes()] == list(range(1, 9))

    def test_variable_is_false_for_what_is_only_told(self) -> None:
        assert {one["code"] for one in self.attributes() if not one["variable"]} == {"info"}

    def test_required_is_what_everybody_must_answer(self) -> None:
        assert {one["code"] for one in self.attributes() if one["required"]} == {"size"}

    def test_lists_have_values_with_key_and_name(self) -> None:
        size = next(one for one in self.attributes() if one["code"] == "size")
        assert size["values"] == [{"key": "small", "name": "klein"}, {"key": "large", "name": "groß"}]
        xml = ask("v2/services/P-001.xml").xml
        assert [one.findtext("key") for one in xml.iterfind("attributes/attribute[code='size']/values/value")] == [
            "small", "large",
        ]  # fmt: skip

    @pytest.mark.parametrize("code", ["nothing", "gas", "past", "P-OLD", "%00", "a b"])
    def test_an_unknown_code_is_not_found(self, code: str) -> None:
        told = ask(f"v2/services/{code}.json")
        assert (told.status, told.json[0]["description"]) == (404, "service_code was not found.")


class TestTokens:
    @pytest.mark.parametrize("form", ["json", "xml"])
    def test_no_token_is_ever_found_because_every_service_is_realtime(self, form: str) -> None:
        told = ask(f"v2/tokens/123.{form}")
        assert told.status == 404
        assert b"token" in told.body


class TestRequests:
    def test_each_request_has_exactly_its_elements_in_order(self) -> None:
        publish("AAAA-0001")
        assert [tuple(one) for one in ask("v2/requests.json").json] == [REQUEST]
        assert [child.tag for child in ask("v2/requests.xml").xml[0]] == list(REQUEST)

    def test_several_ids_override_all_other_arguments(self) -> None:
        publish("AAAA-0001", received_on=days_ago(500))
        publish("AAAA-0002", category="idea")
        assert references(service_request_id="AAAA-0001,AAAA-0002, AAAA-9999", status="closed", service_code="x") == [
            "AAAA-0001", "AAAA-0002",
        ]  # fmt: skip

    def test_service_codes_are_separated_by_commas(self) -> None:
        publish("AAAA-0001")
        publish("AAAA-0002", category="idea")
        assert references(service_code="P-001") == ["AAAA-0001"]
        assert sorted(references(service_code="P-001,idea")) == ["AAAA-0001", "AAAA-0002"]
        assert references(service_code="unknown") == []

    def test_status_is_open_or_closed(self) -> None:
        publish("AAAA-0001", face="planned")
        publish("AAAA-0002", face="not_possible", is_closed=True, closed_on=timezone.localdate())
        assert references(status="open") == ["AAAA-0001"]
        assert references(status="closed") == ["AAAA-0002"]
        assert len(references(status="open,closed")) == 2
        assert {one["status"] for one in ask("v2/requests.json").json} == {"open", "closed"}

    def test_without_dates_the_latest_90_days_are_meant(self) -> None:
        publish("AAAA-0001", received_on=days_ago(89))
        publish("AAAA-0002", received_on=days_ago(92))
        assert references() == ["AAAA-0001"]

    def test_dates_bound_the_time_of_the_request(self) -> None:
        publish("AAAA-0001", received_on=days_ago(200))
        publish("AAAA-0002", received_on=days_ago(150))
        assert references(start_date=w3(210), end_date=w3(180)) == ["AAAA-0001"]
        assert references(start_date=w3(160)) == ["AAAA-0002"]
        assert references(end_date=w3(149)) == ["AAAA-0002", "AAAA-0001"]

    def test_a_span_of_more_than_90_days_is_refused(self) -> None:
        told = ask("v2/requests.json", {"start_date": w3(120), "end_date": w3(1)})
        assert told.status == 400
        assert "90 days" in told.json[0]["description"]

    @pytest.mark.parametrize(
        "moment",
        [
            "2010-05-24T00:00:00",
            "yesterday",
            "2010-13-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ],
    )
    def test_a_time_must_be_w3_with_its_zone(self, moment: str) -> None:
        for name in ("start_date", "end_date", "updated_after", "updated_before"):
            told = ask("v2/requests.json", {name: moment})
            assert told.status == 400
            assert name in told.json[0]["description"]

    def test_a_plus_sign_that_was_not_encoded_is_understood(self) -> None:
        assert ask("v2/requests.json", {"start_date": "2026-05-24T00:00:00 02:00"}).status == 200

    def test_times_are_told_in_w3_form_with_zone(self) -> None:
        publish("AAAA-0001", planned_for=timezone.localdate())
        [one] = ask("v2/requests.json").json
        assert all(
            is_w3(one[name]) for name in ("requested_datetime", "updated_datetime", "expected_datetime")
        )

    def test_when_it_was_requested_is_told_to_the_minute(self) -> None:
        moment = timezone.localtime(timezone.now() - timedelta(days=2)).replace(second=0, microsecond=0)
        publish("AAAA-0001", received_at=moment, received_on=moment.date())
        [one] = ask("v2/requests.json").json
        assert one["requested_datetime"] == moment.isoformat()
        around = {"start_date": (moment - timedelta(minutes=1)).isoformat(), "end_date": moment.isoformat()}
        assert references(**around) == ["AAAA-0001"]
        assert references(start_date=(moment + timedelta(minutes=1)).isoformat()) == []

    def test_what_comes_in_while_somebody_asks_is_found_by_the_next_question(self) -> None:
        moment = timezone.localtime(timezone.now() - timedelta(days=2)).replace(second=0, microsecond=0)
        publish("AAAA-0001", received_at=moment, received_on=moment.date(), changed_at=moment)
        ended = (moment + timedelta(seconds=59)).isoformat()
        assert references(start_date=ended) == references(updated_after=ended) == ["AAAA-0001"]

    def test_for_closed_requests_the_update_is_the_closing(self) -> None:
        publish("AAAA-0001", face="done", is_closed=True, closed_on=days_ago(3))
        [one] = ask("v2/requests.json").json
        assert one["updated_datetime"].startswith(days_ago(3).isoformat())

    def test_what_is_empty_counts_as_not_given(self) -> None:
        publish("AAAA-0001")
        empty = dict.fromkeys(
            ("service_request_id", "service_code", "start_date", "end_date", "status", "page", "lat", "long"),
            "",
        )
        assert ask("v2/requests.json", empty).body == ask("v2/requests.json").body

    def test_pages_follow_one_another(self) -> None:
        for number in range(5):
            publish(f"AAAA-000{number}", received_on=days_ago(number))
        pages = [references(page=str(page), page_size="2") for page in (1, 2, 3, 4)]
        assert pages == [["AAAA-0000", "AAAA-0001"], ["AAAA-0002", "AAAA-0003"], ["AAAA-0004"], []]

    def test_a_point_and_a_radius_find_what_is_near(self) -> None:
        lon, lat = current().centre
        publish("AAAA-0001")
        publish("AAAA-0002", lat=round(lat + 0.02, 4))
        assert references(lat=str(lat), long=str(lon), radius="500") == ["AAAA-0001"]
        assert len(references(lat=str(lat), long=str(lon), radius="5000")) == 2

    def test_changes_are_found_however_old_the_request_is(self) -> None:
        publish("AAAA-0001", received_on=days_ago(300))
        publish("AAAA-0002", changed_at=timezone.now() - timedelta(days=9))
        assert references(updated_after=w3(1)) == ["AAAA-0001"]
        assert references(updated_before=w3(1)) == ["AAAA-0002"]

    def test_more_than_the_specification_comes_only_when_asked_for(self) -> None:
        publish("AAAA-0001", face="planned")
        [one] = ask("v2/requests.json", {"extensions": "true"}).json
        assert tuple(one) == (*REQUEST, "extended_attributes")
        assert one["extended_attributes"]["face"] == "planned"

    def test_reports_merged_into_another_are_in_no_list(self) -> None:
        publish("AAAA-0001", merged_into="AAAA-0002")
        assert references() == []

    @given(
        st.dictionaries(
            st.sampled_from(["service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size",
                             "lat", "long", "radius", "updated_after", "updated_before", "extensions", "jurisdiction_id"]),
            st.one_of(st.text(max_size=40), st.integers().map(str), st.floats().map(str), st.datetimes().map(str),
                      st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())),
        )
    )  # fmt: skip
    @rules(max_examples=60)
    def test_no_parameters_break_it(self, query: dict[str, str]) -> None:
        for path in ("v2/requests.json", "v2/servicerequestupdates.xml"):
            assert ask(path, query).status in {200, 400, 404}


class TestOneRequest:
    def test_it_is_a_list_of_one(self) -> None:
        publish("AAAA-0001", received_on=days_ago(500))
        [one] = ask("v2/requests/AAAA-0001.json").json
        assert tuple(one) == REQUEST
        assert len(ask("v2/requests/AAAA-0001.xml").xml) == 1

    @pytest.mark.parametrize("reference", ["AAAA-9999", "x", "1", "..", "%00", "AAAA-0001'--"])
    def test_what_is_not_published_is_not_found_whether_it_exists_or_not(self, reference: str) -> None:
        told = ask(f"v2/requests/{reference}.json")
        assert (told.status, told.json) == (
            404,
            [{"code": 404, "description": "service_request_id was not found."}],
        )


def test_errors_are_a_list_of_code_and_description() -> None:
    told = ask("v2/requests.json", {"status": "lost"})
    assert told.status == 400
    assert told.json == [{"code": 400, "description": "status must be open or closed."}]
    [error] = ask("v2/requests.xml", {"status": "lost"}).xml
    assert (error.tag, [child.tag for child in error]) == ("error", ["code", "description"])
