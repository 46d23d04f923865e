"""`/api/v1/opendata/validate`: checks a posted description of datasets against the rules, as the EU's test bed is asked."""

import threading
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from stadt.core.errors import TooMany
from stadt.core.people.access import client_of
from stadt.hub.datasets.pacing import Pace
from stadt.hub.opendata.quality.parsing import MOST_SIGNS, parse
from stadt.hub.opendata.rules import RULES, Finding, check
from stadt.web.problems import may_raise

CONTRIBUTOR_RULE = "dataset-contributor"
MOST_ITEMS = 1_000
# Reading a megabyte of RDF takes two seconds of a processor: one at a time in each process.
_busy = threading.Lock()
# Whoever mends a description checks it every few seconds; nobody keeps the others out by asking without end.
validate_pace = Pace(burst=20, per_second=1 / 3)


class ValidateIn(Schema):
    """What is to be checked, named as the EU's test bed (ITB) names it. Addresses are never fetched."""

    contentToValidate: str = Field(max_length=MOST_SIGNS, description="RDF; JSON-LD with its context inside")  # noqa: N815 - the test bed's name
    contentSyntax: Literal["text/turtle", "application/rdf+xml", "application/ld+json"] = "text/turtle"  # noqa: N815
    embeddingMethod: Literal["STRING"] = "STRING"  # noqa: N815
    validationType: Literal["v30_de_spec", "v20_de_spec_implr"] = Field(  # noqa: N815
        "v30_de_spec", description="v20_de_spec_implr asks for the contributor too (convention K12)"
    )


class Counters(Schema):
    """How many findings there are; all rules are mandatory, so there are no warnings."""

    nrOfAssertions: int  # noqa: N815
    nrOfErrors: int  # noqa: N815
    nrOfWarnings: int  # noqa: N815


class ReportItem(Schema):
    """A thing that breaks a rule."""

    description: str = Field(description="what must be there, in German")
    location: str = Field(description="IRI of the thing")
    test: str = Field(description="the rule's permanent name, such as dataset-title")


class Reports(Schema):
    """The findings by severity, at most a thousand."""

    error: list[ReportItem]


class ValidateOut(Schema):
    """The report. UNDEFINED: there is nothing in it that the rules are about."""

    date: datetime
    result: Literal["SUCCESS", "FAILURE", "UNDEFINED"]
    counters: Counters
    reports: Reports


def load() -> Router:
    """The router, made when the addresses are put together."""
    router = Router()
    router.post(
        "/validate",
        response=ValidateOut,
        summary="Check a description against the mandatory rules of DCAT-AP.de",
        openapi_extra=may_raise(TooMany),
    )(validate)
    return router


def validate(request: HttpRequest, asked: ValidateIn) -> dict[str, Any]:
    """The mandatory properties of DCAT-AP.de and the conventions by which a harvest fails; nothing is kept."""
    validate_pace.take(client_of(request))
    if not _busy.acquire(blocking=False):
        raise TooMany(
            gettext("Es wird gerade eine andere Beschreibung geprüft. Versuchen Sie es gleich noch einmal."),
            headers={"Retry-After": "2"},
        )
    try:
        graph = parse(asked.contentToValidate, asked.contentSyntax)
        rules = [
            rule
            for rule in RULES
            if rule.id != CONTRIBUTOR_RULE or asked.validationType == "v20_de_spec_implr"
        ]
        findings = check(graph, rules)
        is_about = any((None, None, rule.target) in graph for rule in rules)
    finally:
        _busy.release()
    return {
        "date": timezone.now(),
        "result": _result(findings, is_about),
        "counters": {
            "nrOfAssertions": len(findings),
            "nrOfErrors": len(findings),
            "nrOfWarnings": 0,
        },
        "reports": {"error": [_told(item) for item in findings[:MOST_ITEMS]]},
    }


def _result(findings: list[Finding], is_about: bool) -> str:
    if not is_about:
        return "UNDEFINED"
    return "FAILURE" if findings else "SUCCESS"


def _told(finding: Finding) -> dict[str, str]:
    return {
        "description": finding.rule.sentence,
        "location": finding.subject,
        "test": finding.rule.id,
    }
