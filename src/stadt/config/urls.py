"""All addresses, put together from the manifests."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from stadt import __version__
from stadt.core.errors import BadRequest, FieldError, Invalid
from stadt.core.people.access import guard
from stadt.core.registry import registry
from stadt.web.errors import answer


def page_patterns() -> list[URLResolver]:
    """Each app's pages below its path, named `<label>:<page>`."""
    patterns = []
    for app in registry.apps.values():
        prefix = f"{app.manifest.path}/" if app.manifest.path else ""
        pages = [path(page.path, guard(page), name=page.name) for page in app.manifest.pages]
        if pages:
            patterns.append(path(prefix, include((pages, app.label), namespace=app.label)))
    return patterns


def build_api() -> NinjaAPI:
    """The platform's own HTTP interface with its one OpenAPI document at `/api/v1/openapi.json`."""
    api = NinjaAPI(title="Vernetzte Stadt", version=__version__, urls_namespace="api-v1", docs_url=None)
    for router in registry.routers:
        api.add_router(f"/{router.prefix}", router.load(), tags=[router.prefix])
    api.add_exception_handler(ValidationError, refuse_parameters)
    api.add_exception_handler(HttpError, refuse_body)
    return api


def refuse_parameters(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """What ninja finds wrong with parameters, in the platform's one form of errors."""
    found = [
        (".".join(str(step) for step in item["loc"][1:]), str(item["msg"]))
        for item in getattr(error, "errors", ())
    ]
    fields = tuple(FieldError(name, message) for name, message in found)
    return answer(request, Invalid("; ".join(f"{name}: {message}" for name, message in found), fields=fields))


def refuse_body(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """A body that ninja cannot read."""
    return answer(request, BadRequest(str(error)))


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
