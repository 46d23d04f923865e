"""Security headers of every page: only our own scripts and styles, no frames, no evaluation of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from django.http import HttpRequest, HttpResponse

from stadt.core import city
from stadt.core.people.actor import Actor

GetResponse = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def content_security_policy(basemap_origins: Iterable[str] = ()) -> str:
    """Return the policy; a base map the city switched on may be fetched from its origins, nothing else from anywhere.

    `data:` and `blob:` images are the sprites MapLibre draws itself; KERN's icons are `data:` masks in the style.
    """
    others = "".join(f" {origin}" for origin in basemap_origins)
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        f"img-src 'self' data: blob:{others}",
        f"connect-src 'self'{others}",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


@cache
def _city_policy() -> str:
    return content_security_policy(city.current().basemap.origins)


class SecurityHeadersMiddleware:
    """Adds the headers to every answer that does not set them itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", _city_policy())
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and actor.is_known:
            # what a person sees when signed in is kept nowhere, so that nobody reads it after signing out
            response.setdefault("Cache-Control", "private, no-store")
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response
