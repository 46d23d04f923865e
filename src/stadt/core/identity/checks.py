"""What `stadt doctor` asks about identity providers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import requests
from django.conf import settings

from stadt.core import city
from stadt.core.errors import ConfigurationError
from stadt.core.identity.http import TimedSession
from stadt.core.identity.models import ProvidedRole
from stadt.core.identity.providers import KINDS, IdentityProvider, load
from stadt.core.people.models import Organisation, Role

DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def check_providers() -> str | None:
    """What is wrong with the identity providers, in one line; None when all is well or there is none."""
    try:
        found = load((city.current().folder, Path(settings.STADT.home)))
    except ConfigurationError as error:
        return error.detail
    problems = [f"{key}: {problem}" for key, provider in found.items() for problem in _problems(provider)]
    left = set(ProvidedRole.objects.values_list("provider", flat=True)) - set(found)
    problems += [
        f"{key}: gibt es nicht mehr, hat aber Rollen vergeben; bitte prüfen." for key in sorted(left)
    ]
    return " ".join(problems) or None


def _problems(provider: IdentityProvider) -> Iterator[str]:
    wrong = KINDS[provider.kind].check(provider)
    if wrong:
        yield wrong
    for rule in provider.rules:
        if not Role.objects.filter(key=rule.role).exists():
            yield f"Die Rolle „{rule.role}“ gibt es nicht."
        if not Organisation.objects.filter(key=rule.organisation).exists():
            yield f"Die Organisation „{rule.organisation}“ gibt es nicht."
    if provider.kind == "oidc" and not wrong:
        yield from _unreachable(provider)


def _unreachable(provider: IdentityProvider) -> Iterator[str]:
    try:
        with TimedSession() as session:
            answer = session.get(provider.issuer.rstrip("/") + DISCOVERY)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        yield f"{provider.issuer} ist nicht erreichbar ({type(error).__name__})."
        return
    if not isinstance(found, dict) or found.get("issuer") != provider.issuer:
        told = found.get("issuer") if isinstance(found, dict) else None
        yield f"issuer muss „{told}“ sein, wie der Dienst sich selbst nennt."
        return
    for name in ENDPOINTS:
        if not found.get(name):
            yield f"Der Dienst nennt kein {name}."
