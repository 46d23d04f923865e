"""CKAN's Action API: the envelope, the read set, and the stock client."""

import asyncio
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests
from ckanapi import CKANAPIError, NotAuthorized, NotFound, RemoteCKAN, SearchQueryError, ValidationError
from django.conf import settings
from django.test import Client

from stadt.hub.opendata.ckan.forms import lines, shape
from stadt.hub.opendata.tests.conftest import CONTAINERS, READINGS

pytestmark = pytest.mark.django_db
BOTH = ["probe-containers", "probe-readings"]


class InProcess(requests.adapters.BaseAdapter):
    """Sends what the stock client would send over the wire to Django's handler."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        path = str(request.path_url)
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        kind = str(request.headers.get("Content-Type", "application/json"))
        answer = self.client.generic(str(request.method), path, body, content_type=kind)
        found = requests.Response()
        found.status_code, found.url, found.request = answer.status_code, str(request.url), request
        found.headers = requests.structures.CaseInsensitiveDict(answer.headers)
        found.raw = SimpleNamespace(_original_response=None)
        found._content = answer.content
        return found

    def close(self) -> None:
        pass


def content_of(answer: Any) -> str:
    """All that is sent, as the server awaits it."""

    async def collect() -> bytes:
        return b"".join([part async for part in answer.streaming_content])

    return asyncio.run(collect()).decode()


@pytest.fixture
def ckan(client: Client) -> Iterator[RemoteCKAN]:
    """The real client; CSRF is enforced as it is outside of tests."""
    client.handler.enforce_csrf_checks = True
    session = requests.Session()
    session.mount("http://", InProcess(client))
    with RemoteCKAN("http://testserver", session=session) as remote:
        yield remote


@pytest.fixture(autouse=True)
def snapshots(request: pytest.FixtureRequest) -> None:
    is_real = "published_files" in request.fixturenames
    request.getfixturevalue("published_files" if is_real else "published")


def test_everything_can_be_fetched_package_by_package(ckan: RemoteCKAN) -> None:
    assert ckan.action.package_list() == BOTH
    assert ckan.action.package_list(limit=1, offset=1) == BOTH[1:]
    package = ckan.action.package_show(id="probe-containers")
    assert package["id"] == CONTAINERS.key
    assert package["title"] == CONTAINERS.title
    assert package["organization"]["title"] == "Abfallwirtschaft der Probe"
    assert {tag["name"] for tag in package["tags"]} == set(CONTAINERS.keywords)
    assert [item["position"] for item in package["resources"]] == list(range(8))
    assert package["resources"][0]["url"] == (
        f"{settings.STADT.url}/files/probe.containers/latest/probe.containers.csv"
    )
    assert ckan.action.package_show(id=CONTAINERS.key) == package
    whole = ckan.action.current_package_list_with_resources(limit=10)
    assert {item["id"] for item in whole} == {CONTAINERS.key, READINGS.key}
    resource = package["resources"][0]
    assert ckan.action.resource_show(id=resource["id"]) == resource


def test_a_harvester_pages_until_an_empty_page(ckan: RemoteCKAN) -> None:
    """As ckanext-harvest gathers: sorted by id, whole packages, then one empty page."""
    seen: list[str] = []
    for start in range(10):
        page = ckan.action.package_search(
            fq="metadata_modified:[2026-01-01T00:00:00Z TO *] -organization:nobody",
            rows=1,
            start=start,
            sort="id asc",
        )
        assert page["count"] == 2
        if not page["results"]:
            break
        seen += [item["id"] for item in page["results"]]
        assert page["results"][0]["resources"]
    assert seen == [CONTAINERS.key, READINGS.key]


def test_facets_count_what_was_found(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(
        q="probe", **{"facet.field": ["organization", "groups", "res_format"], "rows": 0}
    )
    assert (found["count"], found["results"]) == (2, [])
    assert found["facets"]["groups"] == {"envi": 1, "heal": 1}
    assert found["facets"]["res_format"]["CSV"] == 2
    assert found["search_facets"]["groups"]["items"][0]["display_name"] == "Umwelt"


def test_organisations_groups_tags_and_licences_are_listed(ckan: RemoteCKAN) -> None:
    names = ckan.action.organization_list()
    assert "abfallwirtschaft-der-probe" in names
    assert ckan.action.organization_show(id=names[0])["package_count"] == 1
    assert ckan.action.group_list() == ["envi", "heal"]
    assert ckan.action.group_show(id="envi")["title"] == "Umwelt"
    assert ckan.action.tag_list() == sorted(CONTAINERS.keywords)
    assert len(ckan.action.license_list()) == 5
    assert ckan.action.site_read() is True
    assert ckan.action.status_show()["site_url"] == settings.STADT.url


@pytest.mark.parametrize(
    ("name", "parameters", "error"),
    [
        ("package_show", {"id": "probe-secret"}, NotFound),
        ("package_show", {"id": "probe.secret"}, NotFound),
        ("resource_show", {"id": "probe.secret.csv"}, NotFound),
        ("datastore_search", {"resource_id": "probe.secret.csv"}, NotFound),
        ("package_show", {}, ValidationError),
        ("package_create", {"name": "x"}, NotFound),
        ("package_search", {"fq": "title:x^2"}, SearchQueryError),
        ("package_search", {"rows": -1}, ValidationError),
        ("package_search", {"sort": "secret asc"}, ValidationError),
        ("datastore_search_sql", {"sql": "SELECT 1"}, NotAuthorized),
    ],
)
def test_the_client_is_told_what_is_wrong(
    ckan: RemoteCKAN, name: str, parameters: dict[str, Any], error: type[CKANAPIError]
) -> None:
    with pytest.raises(error):
        ckan.call_action(name, parameters)


def test_the_envelope_is_that_of_ckan(client: Client) -> None:
    for path in ("/api/action/site_read", "/api/3/action/site_read"):
        answer = client.get(path)
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json() == {
            "help": f"{settings.STADT.url}/api/3/action/help_show?name=site_read",
            "success": True,
            "result": True,
        }
    refused = client.get("/api/3/action/package_show", {"id": "nobody"})
    assert refused.status_code == 404
    assert refused.json()["success"] is False
    assert refused.json()["error"] == {
        "__type": "Not Found Error",
        "message": "Not found: Dataset was not found.",
    }
    missing = client.get("/api/3/action/package_show")
    assert missing.status_code == 409
    assert missing.json()["error"]["id"] == ["Missing value"]
    assert client.post("/api/3/action/package_list", b"{", content_type="application/json").status_code == 409


@pytest.mark.usefixtures("published_files")
class TestDatastore:
    """One publication for all of these: it takes a second."""

    def test_rows_by_filter_words_order_and_page(self, ckan: RemoteCKAN) -> None:
        def ask(**parameters: Any) -> dict[str, Any]:
            found: dict[str, Any] = ckan.action.datastore_search(
                resource_id="probe.containers.csv", **parameters
            )
            return found

        def names(**parameters: Any) -> list[str]:
            return [row["name"] for row in ask(**parameters)["records"]]

        everything = ask()
        assert everything["total"] == 3
        assert [item["id"] for item in everything["fields"]][:2] == ["_id", "name"]
        assert sorted(row["_id"] for row in everything["records"]) == [1, 2, 3]
        assert names(sort="name") == ["Bad", "Bücherei", "Rathaus <b>"]
        assert names(sort="fill desc nulls last, name")[-1] == "Bücherei"
        assert names(sort="name", limit=1, offset=1) == ["Bücherei"]
        assert names(filters={"name": ["Bad", "Bücherei"]}, sort="name") == ["Bad", "Bücherei"]
        assert names(filters={"count": {"gte": 2}}, sort="count desc") == ["Rathaus <b>", "Bad"]
        assert names(filters={"fill": None}) == ["Bücherei"]
        assert names(filters={"is_simulated": True}) == ["Rathaus <b>"]
        assert names(q="RATHAUS") == ["Rathaus <b>"]
        assert names(q={"name": "büch"}) == ["Bücherei"]
        assert ask(filters={"name": "Bad"}, limit=0)["total"] == 1
        assert list(ask(fields=["fill"], limit=1)["records"][0]) == ["_id", "fill"]
        assert ask(filters={"name": "x' OR '1'='1"})["total"] == 0
        for wrong in (
            {"filters": {"nope": 1}},
            {"filters": {"count": "x"}},
            {"filters": {"geom": "x"}},
            {"filters": {"count": {"; DROP": 1}}},
            {"sort": "name; DROP TABLE data"},
            {"sort": "nope"},
            {"fields": "nope"},
            {"limit": "x"},
            {"records_format": "xls"},
            {"distinct": True},
        ):
            with pytest.raises(ValidationError):
                ask(**wrong)


def test_a_get_says_the_same_as_a_post(client: Client) -> None:
    parameters = {"q": "probe", "facet.field": '["groups"]', "sort": "id asc"}
    by_get = client.get("/api/3/action/package_search", parameters)
    by_post = client.post(
        "/api/3/action/package_search", json.dumps(parameters), content_type="application/json"
    )
    by_form = client.post("/api/3/action/package_search", parameters)
    assert by_get.status_code == 200
    assert by_get.content == by_post.content == by_form.content


@pytest.mark.usefixtures("published_files")
class TestMoreOfTheDatastore:
    """What clients for statistics ask of rows."""

    def test_forms_distinct_links_and_whole_resources(self, ckan: RemoteCKAN, client: Client) -> None:
        def ask(**parameters: Any) -> dict[str, Any]:
            found: dict[str, Any] = ckan.action.datastore_search(
                resource_id="probe.containers.csv", sort="name", **parameters
            )
            return found

        fields = ["name", "count"]
        number, *others = ask(records_format="lists", fields=fields)["records"][0]
        assert (number in {1, 2, 3}, others) == (True, ["Bad", 2])
        assert ask(records_format="csv", fields=fields)["records"].splitlines()[0] == f"{number},Bad,2"
        assert ask(records_format="tsv", fields=fields)["records"].count("\t") == 6
        flags = ckan.action.datastore_search(
            resource_id="probe.containers.csv", fields=["is_simulated"], distinct=True
        )
        assert flags["records"] == [{"is_simulated": False}, {"is_simulated": True}]
        assert flags["total"] == 2

    def test_pages_name_the_next_one_until_the_last(self, ckan: RemoteCKAN, client: Client) -> None:
        found = ckan.action.datastore_search(
            resource_id="probe.containers.csv", limit=2, filters={"count": [1, 2, 3]}, include_next_page=True
        )
        assert found["next_page"]["offset"] == 2
        linked = client.get(found["_links"]["next"]).json()["result"]
        assert [row["_id"] for row in found["records"] + linked["records"]] == [1, 2, 3]
        assert linked["filters"] == {"count": [1, 2, 3]}
        last = ckan.action.datastore_search(**found["next_page"], include_next_page=True)
        assert "next_page" not in last

    @pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
    def test_a_resource_can_be_dumped(
        self, client: Client, form: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("stadt.hub.opendata.ckan.dumping.PORTION", 2)
        answer = client.get("/datastore/dump/probe.containers.csv", {"format": form, "fields": "name,count"})
        text = content_of(answer)
        assert answer["Content-Disposition"].endswith(f'probe.containers-1.{form}"')
        if form == "json":
            assert sorted(row[1] for row in json.loads(text)["records"]) == ["Bad", "Bücherei", "Rathaus <b>"]
        elif form == "xml":
            assert {row.findtext("name") for row in ET.fromstring(text)} == {"Bad", "Bücherei", "Rathaus <b>"}
        else:
            assert text.splitlines()[0] == {"csv": "_id,name,count", "tsv": "_id\tname\tcount"}[form]
            assert len(text.splitlines()) == 4

    def test_a_dump_takes_the_parameters_of_a_search(self, client: Client) -> None:
        address = "/datastore/dump/probe.containers.csv"
        asked = {"q": "bücherei", "fields": "name", "bom": "true"}
        answer = client.get(address, asked)
        assert content_of(answer).startswith("\ufeff_id,name\n")
        assert client.get(address, {"limit": "0"}).status_code == 200
        assert client.get(address, {"format": "xls"}).status_code == 409
        assert client.get(address, {"filters": "{"}).status_code == 409
        assert client.get("/datastore/dump/probe.secret.csv").status_code == 404
        assert client.post(address).status_code == 405


def test_cells_that_a_spreadsheet_would_run_are_made_harmless() -> None:
    records = [{"a": "=1+1", "b": -5, "c": None}]
    assert lines(records, ["a", "b", "c"], "csv", harmless=True) == "'=1+1,-5,\n"
    assert shape(records, ["a", "b", "c"], "csv") == "=1+1,-5,\n"


def test_resources_are_found_by_their_fields(ckan: RemoteCKAN) -> None:
    def found(*query: str, **more: Any) -> list[str]:
        result = ckan.action.resource_search(query=list(query), **more)
        return [item["id"] for item in result["results"]]

    assert found("format:geojson", "id:probe.") == ["probe.containers.geojson"]
    assert found("url:probe.readings", "mimetype:parquet") == ["probe.readings.parquet"]
    assert found("description:Feinstaub der Probe (XLSX)") == ["probe.readings.xlsx"]
    assert ckan.action.resource_search(query="id:probe.", limit=2, offset=1)["count"] == 13
    assert found("id:probe.secret") == []
    with pytest.raises(ValidationError):
        found("secret:x")
    assert ckan.action.user_list() == []
