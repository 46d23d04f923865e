"""A value with its lineage as W3C PROV-O in JSON-LD: what it is, what made it, what went in. Nobody is named."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.states import Origin

MEDIA_TYPE = "application/ld+json"
CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "stadt": "https://w3id.org/vernetzte-stadt#",
    "prov:generatedAtTime": {"@type": "xsd:dateTime"},
    "prov:endedAtTime": {"@type": "xsd:dateTime"},
}
"""Roles of the people are agents; `https://w3id.org/vernetzte-stadt#` names what PROV has no word for."""


def document_of(definition: Definition, value: Value) -> dict[str, Any]:
    """The document: entities for value, definition and inputs, the activity, and the agents by their role."""
    base = f"{settings.STADT.url.rstrip('/')}/api/v1/indicators/{value.key}"
    entity, activity, plan = (
        f"{base}/values/{value.id}",
        f"{base}/values/{value.id}#activity",
        f"{base}#v{value.version}",
    )
    inputs = [_input(base, item) for item in value.inputs]
    said: dict[str, Any] = {
        "@id": entity,
        "@type": "prov:Entity",
        "prov:value": value.value,
        "prov:generatedAtTime": value.computed_at.isoformat(),
        "prov:wasGeneratedBy": {"@id": activity},
        "prov:wasAttributedTo": {
            "@id": f"{base}#{'platform' if value.origin == Origin.PLATFORM else 'organisation'}"
        },
        "stadt:unit": definition.unit_of(value.series),
        "stadt:state": str(value.state),
        "stadt:numerator": value.numerator,
        "stadt:denominator": value.denominator,
        "stadt:qualityClass": str(value.quality_class),
        "stadt:periodStart": value.period_start.isoformat(),
        "stadt:periodEnd": value.period_end.isoformat(),
        "stadt:simulated": value.simulated,
    }
    if value.interval:
        said["stadt:interval"] = {
            "stadt:low": value.interval.low,
            "stadt:high": value.interval.high,
            "stadt:level": value.interval.level,
            "stadt:method": str(value.interval.method),
        }
    if value.revises_id:
        said["prov:wasRevisionOf"] = {"@id": f"{base}/values/{value.revises_id}"}
        said["stadt:revisionReason"] = value.revision_reason
    graph = [
        said,
        {"@id": plan, "@type": ["prov:Entity", "prov:Plan"], "dcterms:title": definition.title,
         "dcterms:description": definition.formula, "schema:version": value.version},
        {
            "@id": activity,
            "@type": "prov:Activity",
            "prov:endedAtTime": value.computed_at.isoformat(),
            "prov:used": [{"@id": item["@id"]} for item in inputs],
            "prov:qualifiedAssociation": _associations(base, value, plan),
        },
        *_agents(base, value),
        *inputs,
    ]  # fmt: skip
    return {"@context": CONTEXT, "@graph": graph}


def _associations(base: str, value: Value, plan: str) -> list[dict[str, Any]]:
    roles = ["platform"] if value.origin in {Origin.PLATFORM, Origin.DERIVED} else ["entering", "confirming"]
    return [
        {"@type": "prov:Association", "prov:agent": {"@id": f"{base}#{role}"}, "prov:hadPlan": {"@id": plan}}
        for role in roles
    ]


def _agents(base: str, value: Value) -> list[dict[str, Any]]:
    platform = {
        "@id": f"{base}#platform",
        "@type": "prov:SoftwareAgent",
        "dcterms:title": "Vernetzte Stadt",
        "schema:softwareVersion": value.release,
    }
    if value.origin == Origin.PLATFORM:
        return [platform]
    people = [
        {"@id": f"{base}#{role}", "@type": "prov:Person", "stadt:role": role, "prov:actedOnBehalfOf": {"@id": f"{base}#organisation"}}
        for role in ("entering", "confirming")
    ]  # fmt: skip
    return [platform, {"@id": f"{base}#organisation", "@type": "prov:Organization"}, *people]


def _input(base: str, item: dict[str, Any]) -> dict[str, Any]:
    match item["kind"]:
        case "snapshot":
            root = base.partition("/api/")[0]
            return {
                "@id": f"{root}/api/v1/datasets/{item['dataset']}/rows?number={item['number']}",
                "@type": "prov:Entity",
                "stadt:sha256": item["content_hash"],
                "stadt:query": item["sql"],
            }
        case "query":
            return {
                "@id": f"urn:sha256:{item['hash']}",
                "@type": "prov:Entity",
                "dcterms:title": item["title"],
                "stadt:query": item["sql"],
            }
        case "file":
            return {
                "@id": f"urn:sha256:{item['sha256']}",
                "@type": "prov:Entity",
                "stadt:sheet": item["sheet"],
                "stadt:row": item["row"],
            }
        case "values":
            return {"@id": f"{base}#values", "@type": "prov:Collection",
                    "prov:hadMember": [{"@id": f"{base}/values/{pk}"} for pk in item["values"]]}  # fmt: skip
    return {"@id": f"{base}#entry-{item['entry']}", "@type": "prov:Entity"}
