"""A random city for the filter oracle: what is posted, as dictionaries the oracle can ask."""

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import Client

START = datetime(2026, 2, 27, tzinfo=UTC)
NUMBERS = [-3.5, -1, 0, 0.5, 1, 2, 7, 1000.25]
TEXTS = ["", "a", "B", "ab", "ä", "Z", "10", "true"]
ABSENT = object()
OBSERVATIONS = 120
MULTI_WIDTH = 2
Row = dict[str, Any]


class Rows(list[Row]):
    """The observations as the oracle knows them."""

    def __repr__(self) -> str:
        return f"<{len(self)} observations>"


def make_rows(sta: "Client") -> Rows:
    """Random things with datastreams of both kinds and observations, as they are in the database."""
    chance = random.Random(20260301)
    found = Rows()
    for number in range(6):
        floor = chance.choice([1, 2.5, "eg", None, True, ABSENT])
        properties = {} if floor is ABSENT else {"floor": floor}
        thing = {
            "name": chance.choice(TEXTS) or "x",
            "description": chance.choice(TEXTS),
            "properties": properties,
        }
        place = {
            "name": "p",
            "description": "",
            "encodingType": "application/geo+json",
            "location": {"type": "Point", "coordinates": [7 + number / 10, 51]},
        }
        observations = [_observation(chance) for _ in range(OBSERVATIONS // 6)]
        lists = [_observation(chance, MULTI_WIDTH) for _ in range(OBSERVATIONS // 12)]
        flow = {
            "name": f"s{number}",
            "description": "",
            "observationType": "x",
            "unitOfMeasurement": {"name": None, "symbol": None, "definition": None},
            "Sensor": {"name": "s", "description": "", "encodingType": "x", "metadata": "x"},
            "ObservedProperty": {"name": "o", "description": "", "definition": "x"},
        }
        multi = {
            "name": f"m{number}",
            "description": "",
            "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation",
            "unitOfMeasurements": [None] * MULTI_WIDTH,
            "multiObservationDataTypes": ["x"] * MULTI_WIDTH,
            "Sensor": flow["Sensor"],
            "ObservedProperties": [flow["ObservedProperty"]] * MULTI_WIDTH,
        }
        body = {
            **thing,
            "Locations": [place],
            "Datastreams": [{**flow, "Observations": observations}],
            "MultiDatastreams": [{**multi, "Observations": lists}],
        }
        root = sta.post("/Things", body).headers["location"]
        for kind, name, stored in (("Datastream", "s", observations), ("MultiDatastream", "m", lists)):
            stream = sta.values(f"{root}/{kind}s", "writer")[0]["@iot.id"]
            path = f"/{kind}s({stream})/Observations?$orderby=id&$select=id"
            for one, observation in zip(sta.values(path, "writer"), stored, strict=True):
                above = {"id": stream, "name": f"{name}{number}", "Thing": thing}
                feature = {"name": "p", "feature": place["location"]}
                more = {kind: above, "FeatureOfInterest": feature, "thing": number}
                found.append({**observation, "id": one["@iot.id"], **more})
    return found


def things_of(rows: Rows) -> Rows:
    """The things of these observations, with all their datastreams and observations."""
    found: dict[int, Row] = {}
    for row in rows:
        kind = "Datastream" if "Datastream" in row else "MultiDatastream"
        thing = found.setdefault(row["thing"], {**row[kind]["Thing"]})
        streams = thing.setdefault(f"{kind}s", [{"name": row[kind]["name"], "Observations": []}])
        streams[0]["Observations"].append(row)
        thing["Locations"] = [{"name": "p", "location": row["FeatureOfInterest"]["feature"]}]
    return Rows({"id": number, **thing} for number, thing in found.items())


def _observation(chance: random.Random, width: int = 0) -> Row:
    """A random observation; with a width its result is a list."""

    def moment() -> datetime:
        return START + timedelta(hours=chance.randrange(0, 60))

    start = moment()
    text = start.isoformat()
    if chance.random() < 0.3:
        text += f"/{(start + timedelta(hours=chance.randrange(0, 5))).isoformat()}"
    values = [chance.choice([*NUMBERS, *NUMBERS, *TEXTS, True, False]) for _ in range(width or 1)]
    body: Row = {"phenomenonTime": text, "result": values if width else values[0]}
    if chance.random() < 0.7:
        body["resultTime"] = moment().isoformat()
    if chance.random() < 0.7:
        body["parameters"] = {"n": chance.choice([*NUMBERS, *TEXTS, True, None]), "m": chance.choice(NUMBERS)}
    return body
