"""All addresses, put together from the manifests."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from stadt.config.interface import build_api
from stadt.core.people.access import guard
from stadt.core.registry import registry


def page_patterns() -> list[URLResolver]:
    """Each app's pages below its path, named `<label>:<page>`."""
    patterns = []
    for app in registry.apps.values():
        prefix = f"{app.manifest.path}/" if app.manifest.path else ""
        pages = [path(page.path, guard(page), name=page.name) for page in app.manifest.pages]
        if pages:
            patterns.append(path(prefix, include((pages, app.label), namespace=app.label)))
    return patterns


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", build_api().urls),
    path("sprache/", set_language, name="set_language"),
    path("konto/", include("stadt.web.accounts.urls")),
    *page_patterns(),
]

handler400 = "stadt.web.errors.bad_request"
handler403 = "stadt.web.errors.forbidden"
handler429 = "stadt.web.errors.too_many"
handler404 = "stadt.web.errors.not_found"
handler500 = "stadt.web.errors.server_error"
