"""Beyond 18-088: `$apply` puts the Observations of one datastream into buckets of time (OData data aggregation 4.0, clause 3)."""

from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
ALL = (
    "aggregate($count as n,result with min as low,result with max as high,result with average as mean,"
    "result with sum as total,result with p50 as half,result with p95 as most,coverage)"
)


def applied(width: str, aggregate: str = ALL, before: str = "") -> str:
    return f"$apply={quote(f'{before}groupby((bucket(phenomenonTime,{width!r})),{aggregate})')}"


def path(city: "City", width: str = "PT1H", aggregate: str = ALL, before: str = "") -> str:
    return f"/Datastreams({city.open_stream})/Observations?{applied(width, aggregate, before)}"


def numbers(sta: "Client", stream: int, token: str = "") -> list[tuple[datetime, float]]:
    rows = sta.pages(f"/Datastreams({stream})/Observations?$top=10000", token)
    return [
        (datetime.fromisoformat(row["phenomenonTime"]), row["result"])
        for row in rows
        if isinstance(row["result"], int | float) and not isinstance(row["result"], bool)
    ]


def start_of(moment: datetime, width: str) -> datetime:
    local = moment.astimezone(BERLIN)
    if width == "P1M":
        return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    if width == "P1D":
        return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    minutes = 60 if width == "PT1H" else 15
    return moment.astimezone(UTC).replace(minute=moment.minute // minutes * minutes, second=0, microsecond=0)


def evaluated(rows: list[tuple[datetime, float]], width: str) -> dict[datetime, list[float]]:
    found: dict[datetime, list[float]] = {}
    for moment, value in rows:
        found.setdefault(start_of(moment, width), []).append(value)
    return dict(sorted(found.items()))


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def assert_same(buckets: list[dict[str, Any]], rows: list[tuple[datetime, float]], width: str) -> None:
    wanted = evaluated(rows, width)
    starts = [datetime.fromisoformat(item["phenomenonTime"].partition("/")[0]) for item in buckets]
    assert starts == list(wanted)
    for item, values in zip(buckets, wanted.values(), strict=True):
        assert item["n"] == len(values)
        assert (item["low"], item["high"]) == (min(values), max(values))
        assert item["total"] == pytest.approx(sum(values), abs=1e-9)
        assert item["mean"] == pytest.approx(sum(values) / len(values), abs=1e-9)
        assert item["half"] == pytest.approx(median(values), abs=1e-9)
        assert item["most"] == pytest.approx(percentile(values, 0.95), abs=1e-9)


@pytest.fixture(scope="module")
def rolled(city: "City") -> None:
    """The job has run, so that kept rollups are read where they exist."""
    from stadt.hub.observations.models import DatastreamDay, Rollup
    from stadt.hub.observations.rolling import roll_up

    roll_up()
    assert Rollup.objects.filter(datastream_id=city.open_stream, width=60).count() > 200
    assert all(day.rolled == day.version for day in DatastreamDay.objects.all())


@pytest.mark.parametrize("width", ["PT15M", "PT1H", "P1D", "P1M"])
def test_figures_are_those_of_the_raw_observations_before_the_job(
    sta: "Client", city: "City", width: str
) -> None:
    assert_same(sta.pages(path(city, width)), numbers(sta, city.open_stream), width)


@pytest.mark.parametrize("width", ["PT15M", "PT1H", "P1D", "P1M"])
def test_figures_are_those_of_the_raw_observations_after_it(
    sta: "Client", city: "City", rolled: None, width: str
) -> None:
    assert_same(sta.pages(path(city, width)), numbers(sta, city.open_stream), width)


def test_months_without_percentiles_come_from_days(sta: "Client", city: "City", rolled: None) -> None:
    found = sta.values(
        path(city, "P1M", "aggregate(result with sum as total,$count as n,result with max as high)")
    )
    wanted = evaluated(numbers(sta, city.open_stream), "P1M")
    assert [(item["total"], item["n"], item["high"]) for item in found] == [
        (pytest.approx(sum(values)), len(values), max(values)) for values in wanted.values()
    ]


def test_a_bucket_is_named_by_its_interval(sta: "Client", city: "City") -> None:
    (first, *_) = sta.values(path(city, "PT1H", "aggregate($count as n)"))
    assert first == {"phenomenonTime": "2026-01-30T00:00:00Z/2026-01-30T01:00:00Z", "n": 1}


def test_local_days_have_23_to_25_hours(sta: "Client", city: "City") -> None:
    stream = city.closed_stream
    post = f"/Datastreams({stream})/Observations"
    for begin in ("2026-03-28T23:30:00+00:00", "2025-10-25T22:30:00+00:00"):
        first = datetime.fromisoformat(begin)
        for number in range(26):
            time = (first + timedelta(hours=number)).isoformat()
            sta.post(post, {"phenomenonTime": time, "result": number})
    for width in ("PT15M", "PT1H", "P1D", "P1M"):
        assert_same(sta.pages(f"{post}?{applied(width)}", "writer"), numbers(sta, stream, "writer"), width)
    days = sta.pages(f"{post}?{applied('P1D')}", "writer")
    counts = {item["phenomenonTime"]: item["n"] for item in days}
    assert counts["2026-03-28T23:00:00Z/2026-03-29T22:00:00Z"] == 23
    assert counts["2025-10-25T22:00:00Z/2025-10-26T23:00:00Z"] == 25


def test_pages_count_and_order(sta: "Client", city: "City", rolled: None) -> None:
    whole = sta.values(f"{path(city)}&$top=10000")
    for options in (
        "$top=50",
        "$top=49&$orderby=phenomenonTime desc",
        "$top=60&$orderby=mean desc,phenomenonTime",
    ):
        first = sta.get(f"{path(city)}&$count=true&{options}")
        assert first["@iot.count"] == len(whole)
        pages = first["value"] + sta.pages(first["@iot.nextLink"])
        assert sorted(pages, key=lambda item: item["phenomenonTime"]) == whole
        if "mean" in options:
            assert [item["mean"] for item in pages] == sorted((item["mean"] for item in whole), reverse=True)
        elif "desc" in options:
            assert pages == whole[::-1]
    assert sta.values(f"{path(city)}&$skip=3&$top=2") == whole[3:5]


def test_filter_speaks_of_whole_buckets(sta: "Client", city: "City", rolled: None) -> None:
    def starts(condition: str, width: str = "PT1H") -> list[str]:
        found = sta.values(f"{path(city, width)}&$top=10000&$filter={quote(condition)}")
        return [item["phenomenonTime"].partition("/")[0] for item in found]

    day = starts("phenomenonTime ge 2026-02-01T00:00:00Z and phenomenonTime lt 2026-02-01T05:00:00Z")
    assert day == [f"2026-02-01T0{hour}:00:00Z" for hour in range(1, 5)]  # at midnight there is a text
    partly = starts("phenomenonTime ge 2026-02-01T00:30:00Z and phenomenonTime le 2026-02-01T02:30:00Z")
    assert partly == ["2026-02-01T01:00:00Z"]
    assert starts(
        "phenomenonTime gt 2026-02-01T00:00:00Z and phenomenonTime lt 2026-02-03T00:00:00Z", "P1D"
    ) == ["2026-02-01T23:00:00Z"]
    assert starts("high gt 124 and phenomenonTime gt 2026-02-01T00:00:00Z") == ["2026-02-09T09:00:00Z"]


def test_filter_before_grouping_chooses_observations(sta: "Client", city: "City", rolled: None) -> None:
    chosen = "filter(result gt 20 and phenomenonTime ge 2026-01-31T10:30:00Z and phenomenonTime lt 2026-02-02T00:00:00Z)/"
    rows = [
        (moment, value)
        for moment, value in numbers(sta, city.open_stream)
        if value > 20
        and datetime(2026, 1, 31, 10, 30, tzinfo=UTC) <= moment < datetime(2026, 2, 2, tzinfo=UTC)
    ]
    for width in ("PT1H", "P1D", "P1M"):
        assert_same(sta.pages(path(city, width, before=chosen)), rows, width)


def test_select_and_other_forms(sta: "Client", city: "City", rolled: None) -> None:
    whole = sta.values(f"{path(city)}&$top=2")
    assert sta.values(f"{path(city)}&$top=1&$select=mean,n") == [
        {"mean": whole[0]["mean"], "n": whole[0]["n"]}
    ]
    (block,) = sta.values(f"{path(city)}&$top=2&$resultFormat=dataArray")
    assert block["components"][:2] == ["phenomenonTime", "n"]
    assert block["dataArray"] == [list(item.values()) for item in whole]
    answer = sta.request("GET", f"{path(city)}&$top=2&$resultFormat=CSV")
    assert answer.text.splitlines()[0] == "phenomenonTime,n,low,high,mean,total,half,most,coverage"
    assert 'rel="next"' in answer.headers["link"]
    sta.refusal(f"{path(city)}&$resultFormat=GeoJSON")


def test_coverage_is_measured_declared_or_unknown(sta: "Client", city: "City", rolled: None) -> None:
    def coverage(width: str) -> list[float | None]:
        found = sta.values(f"{path(city, width, 'aggregate(coverage as share)')}&$top=4")
        return [item["share"] for item in found]

    assert coverage("PT15M") == [None] * 4  # hourly readings say nothing about a quarter of an hour
    assert coverage("PT1H") == [1, 1, 1, 1]
    assert coverage("P1D")[1] == pytest.approx(21 / 24, abs=0.05)
    changed = sta.request(
        "PATCH",
        f"/Datastreams({city.open_stream})",
        token="manager",
        json={"properties": {"rank": 0, "samplingInterval": "PT10M"}},
    )
    assert changed.status_code == 200
    assert coverage("PT1H") == [pytest.approx(1 / 6)] * 4
    few = sta.values(f"/Datastreams({city.other_stream})/Observations?{applied('PT1H')}", "stranger")
    assert {item["coverage"] for item in few} == {None}


def test_numbers_beyond_all_sums_have_none(sta: "Client", city: "City") -> None:
    post = f"/Datastreams({city.other_stream})/Observations"
    for value in (1e308, 1.5e308):
        sta.post(post, {"phenomenonTime": "2024-01-01T00:00:00Z", "result": value}, token="stranger")
    for width in ("PT1H", "P1D", "P1M"):
        (first, *_) = sta.values(f"{post}?{applied(width)}", "stranger")
        assert (first["n"], first["high"], first["total"], first["mean"], first["most"]) == (
            2,
            1.5e308,
            None,
            None,
            None,
        )


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("groupby((bucket(phenomenonTime,'PT2H')),aggregate($count as n))", "position 32: a bucket is as long"),
        ("groupby((bucket(resultTime,'PT1H')),aggregate($count as n))", "position 17: expected 'phenomenonTime'"),
        ("groupby((bucket(phenomenonTime,'PT1H')),aggregate(result with avg as n))", "did you mean 'average'"),
        ("groupby((bucket(phenomenonTime,'PT1H')),aggregate($count as id))", "expected a name"),
        ("groupby((bucket(phenomenonTime,'PT1H')),aggregate($count as n,result with sum as n))", "named twice"),
        ("aggregate(result with sum as n)", "position 1: expected 'groupby'"),
        ("filter(nothing eq 1)/groupby((bucket(phenomenonTime,'PT1H')),aggregate($count as n))", "unknown property"),
    ],
)  # fmt: skip
def test_refusals_name_the_position(sta: "Client", city: "City", option: str, said: str) -> None:
    message = sta.refusal(f"/Datastreams({city.open_stream})/Observations?$apply={quote(option)}")
    assert message.startswith("$apply, position")
    assert said in message


def test_a_filter_of_observations_is_refused_behind_the_buckets(sta: "Client", city: "City") -> None:
    message = sta.refusal(f"{path(city)}&$filter={quote('result gt 5')}")
    assert "$filter, position 1: unknown property 'result'" in message


@pytest.mark.parametrize(
    "resource", ["/Observations", "/Things", "/Datastreams", "/Datastreams({})", "/Things(1)/Datastreams"]
)
def test_only_observations_of_one_datastream_have_buckets(sta: "Client", city: "City", resource: str) -> None:
    message = sta.refusal(f"{resource.format(city.open_stream)}?{applied('PT1H')}")
    assert "below one datastream" in message


def test_not_inside_expand(sta: "Client", city: "City") -> None:
    del city
    sta.get(f"/Datastreams?$expand=Observations({applied('PT1H')})", status=501)


def test_what_is_out_of_sight_is_not_there(sta: "Client", city: "City", rolled: None) -> None:
    for token in ("", "stranger"):
        sta.get(f"/Datastreams({city.closed_stream})/Observations?{applied('P1D')}", token=token, status=404)
        sta.get(f"/Datastreams(999999)/Observations?{applied('P1D')}", token=token, status=404)
    assert sta.values(f"/Datastreams({city.closed_stream})/Observations?{applied('P1D')}", "reader")
