"""The line above every page for those who run the city, while something needs a person."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from stadt.apps.operations.findings import loud_findings, sentence
from stadt.apps.operations.rights import WATCH
from stadt.core.manifest import Severity
from stadt.core.people.access import actor_of


def context(request: HttpRequest) -> Mapping[str, Any]:
    """Nothing for everybody else, and nothing while all is well or seen."""
    if not actor_of(request).can(WATCH):
        return {}
    found = loud_findings()
    if not found:
        return {}
    is_grave = any(one.severity is Severity.DANGER for one in found)
    return {"text": sentence(found), "kind": "danger" if is_grave else "warning"}
