"""18-088 clause 9.3: req/request-data/…"""

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_smoke(sta: Any, city: Any) -> None:
    print(sta.get(""))
    for path in [
        "Things",
        "Locations",
        "HistoricalLocations",
        "Datastreams",
        "Sensors",
        "ObservedProperties",
        "Observations",
        "FeaturesOfInterest",
    ]:
        for token in ["", "reader"]:
            page = sta.get("/" + path + "?$top=2&$count=true", token=token)
            print(path, token, page)
