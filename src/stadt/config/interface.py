"""The platform's own HTTP interface: the apps' routers, one form of errors, and one OpenAPI document that tells of both."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from stadt import __version__
from stadt.core import errors
from stadt.core.manifest import Audience, Router
from stadt.core.registry import registry
from stadt.web import problems
from stadt.web.errors import answer

DESCRIPTION = (
    "What the city publishes, for programs. Reading needs no sign-in unless an address says so. Parameters that an "
    "address does not know are ignored."
)
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "stadt_…",
    "description": "A token of the city. Unknown, expired and revoked ones are refused, also where none is needed.",
}
ALWAYS = (errors.BadRequest, errors.SignInNeeded, errors.StadtError, errors.Unavailable)


class Interface(NinjaAPI):
    """django-ninja's API, whose document names the errors and who may ask."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`datasets_list_rows`: generated clients make names of it."""
        area = operation.view_func.__module__.split(".")[-2]
        return f"{area}_{operation.view_func.__name__}"

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """The document. HEAD is left out: it is what GET is, without a body (RFC 9110 §9.3.2)."""
        document = super().get_openapi_schema(**more)
        schema = problems.Problem.model_json_schema(
            ref_template="#/components/schemas/{model}", mode="serialization"
        )
        components = document["components"]
        components["schemas"] |= {**schema.pop("$defs"), problems.SCHEMA: schema}
        components["securitySchemes"] = {"token": TOKEN}
        routers = {router.prefix: router for router in registry.routers}
        for path, operations in document["paths"].items():
            operations.pop("head", None)
            for method, operation in operations.items():
                _complete(operation, routers[operation["tags"][0]], path, method)
        return document


def build_api() -> Interface:
    """The interface with its one OpenAPI document at `/api/v1/openapi.json`."""
    api = Interface(
        title="Vernetzte Stadt",
        version=__version__,
        description=DESCRIPTION,
        urls_namespace="api-v1",
        docs_url=None,
    )
    for router in registry.routers:
        loaded = router.load()
        for mount in loaded.build_routers(""):
            for view in mount.template.path_operations.values():
                for operation in view.operations:
                    if operation.methods == ["GET"]:
                        operation.methods.append("HEAD")
        api.add_router(f"/{router.prefix}", loaded, tags=[router.prefix])
    api.add_exception_handler(ValidationError, refuse_parameters)
    api.add_exception_handler(HttpError, refuse_body)
    api.add_exception_handler(Http404, refuse_address)
    return api


def refuse_parameters(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """What ninja finds wrong with parameters, in the platform's one form of errors."""
    found = [
        (".".join(str(step) for step in item["loc"][1:]), str(item["msg"]))
        for item in getattr(error, "errors", ())
    ]
    fields = tuple(errors.FieldError(name, message) for name, message in found)
    return answer(
        request, errors.Invalid("; ".join(f"{name}: {message}" for name, message in found), fields=fields)
    )


def refuse_body(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """A body that ninja cannot read."""
    return answer(request, errors.BadRequest(str(error)))


def refuse_address(request: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    """An address below `/api/v1/` where nothing is."""
    return answer(request, errors.NotFound())


def _complete(operation: dict[str, Any], router: Router, path: str, method: str) -> None:
    """Add to an operation who may ask, and which errors it answers with."""
    audience = router.reading if method == "get" else router.writing
    may_raise = [*ALWAYS]
    if "{" in path:
        may_raise.append(errors.NotFound)
    if "requestBody" in operation:
        may_raise += [errors.TooLarge, errors.TooSlow]
    if operation["parameters"] or "requestBody" in operation:
        may_raise.append(errors.Invalid)
    if isinstance(audience, Audience):
        operation["security"] = [{}, {"token": []}]
    else:
        operation["security"] = [{"token": []}]
        may_raise.append(errors.Forbidden)
    for parameter in operation["parameters"]:
        _leave_out_null(parameter["schema"])
    stated = {str(status): told for status, told in operation["responses"].items()}
    operation["responses"] = dict(sorted({**problems.answers(*may_raise), **stated}.items()))


def _leave_out_null(schema: dict[str, Any]) -> None:
    """A parameter in an address is there or not; it is never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]
