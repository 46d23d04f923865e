"""Who may see which entity, as a condition in SQL that the compiler puts beside every mention of an entity.

A datastream, also a MultiDatastream, is seen by everybody when it is public, else by whoever may read in its
organisation. Everything else is seen with it: its Thing with locations, its Sensor and ObservedProperty, its
Observations and what they are about. What no datastream points at is seen by its own organisation. An entity nobody may
see is the same as none.
"""

from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.values import Values

OWN = "coalesce({t}.organisation_id, 0) = ANY({organisations})"
# Further ways to see an entity than by its own organisation; `{d}` is the condition of a datastream `d`.
BESIDE = {
    "Datastream": "{t}.is_public",
    "MultiDatastream": "{t}.is_public",
    "Thing": "EXISTS (SELECT FROM observations_datastream d WHERE d.thing_id = {t}.id AND {d})",
    "Sensor": "EXISTS (SELECT FROM observations_datastream d WHERE d.sensor_id = {t}.id AND {d})",
    "ObservedProperty": (
        "EXISTS (SELECT FROM observations_datastream d WHERE d.observed_property_id = {t}.id AND {d})"
        " OR EXISTS (SELECT FROM observations_multiobservedproperty m"
        " JOIN observations_datastream d ON d.id = m.datastream_id WHERE m.observed_property_id = {t}.id AND {d})"
    ),
    "FeatureOfInterest": (
        "EXISTS (SELECT FROM observations_datastream d WHERE d.feature_id = {t}.id AND {d})"
        " OR EXISTS (SELECT FROM observations_featureofinterest_datastreams l"
        " JOIN observations_datastream d ON d.id = l.datastream_id WHERE l.featureofinterest_id = {t}.id AND {d})"
    ),
    "Location": (
        "EXISTS (SELECT FROM observations_thing_locations l JOIN observations_thing x ON x.id = l.thing_id"
        " WHERE l.location_id = {t}.id AND {x})"
        " OR EXISTS (SELECT FROM observations_historicallocation_locations l"
        " JOIN observations_historicallocation h ON h.id = l.historicallocation_id"
        " JOIN observations_thing x ON x.id = h.thing_id WHERE l.location_id = {t}.id AND {x})"
    ),
}
# Entities without an organisation of their own.
BELOW = {
    "HistoricalLocation": "EXISTS (SELECT FROM observations_thing x WHERE x.id = {t}.thing_id AND {x})",
    "Observation": "EXISTS (SELECT FROM observations_datastream d WHERE d.id = {t}.datastream_id AND {d})",
}


def visible(viewer: Visibility, values: Values, entity: str, alias: str) -> str:
    """The condition that the viewer may see the row `alias` of an entity type.

    Observations outlive their datastream until they are purged: even who sees all must not see those.
    """
    if viewer.sees_all and entity != "Observation":
        return "true"
    if entity in BELOW:
        return BELOW[entity].format(t=alias, **_inner(viewer, values, entity))
    found = BESIDE[entity].format(t=alias, **_inner(viewer, values, entity))
    if viewer.organisations:
        own = OWN.format(t=alias, organisations=_organisations(viewer, values))
        found = f"{own} OR {found}"
    return f"({found})"


def _organisations(viewer: Visibility, values: Values) -> str:
    return values.share("organisations", list(viewer.organisations), "bigint[]")


def _inner(viewer: Visibility, values: Values, entity: str) -> dict[str, str]:
    if entity in {"Datastream", "MultiDatastream"}:
        return {}
    datastream = visible(viewer, values, "Datastream", "d")
    if entity in {"Location", "HistoricalLocation"}:
        return {"x": visible(viewer, values, "Thing", "x")}
    return {"d": datastream}
