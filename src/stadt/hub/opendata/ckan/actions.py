"""The actions that are given, by name: each takes the parameters and returns the result."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from stadt import __version__
from stadt.hub.datasets.access_log import count_access
from stadt.hub.datasets.declaration import Licence
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.opendata.ckan import datastore, packages, searching
from stadt.hub.opendata.ckan.datastore import whole
from stadt.hub.opendata.ckan.errors import NotAllowed, NotFoundError, wrong
from stadt.hub.opendata.ckan.grammar import plain

Parameters = Mapping[str, Any]
Action = Callable[[Parameters], Any]
MOST_PACKAGES = 1000


def package_list(parameters: Parameters) -> list[str]:
    """Names of all datasets."""
    names = [packages.name_of(item["key"]) for item in packages.documents()]
    offset, limit = (
        whole("offset", parameters.get("offset"), 0),
        whole("limit", parameters.get("limit"), 2**31),
    )
    return sorted(names)[offset : offset + limit]


def current_package_list_with_resources(parameters: Parameters) -> list[dict[str, Any]]:
    """Whole packages, those changed last first; at most 1,000 at once."""
    limit = min(whole("limit", parameters.get("limit"), MOST_PACKAGES), MOST_PACKAGES)
    offset = whole("offset", parameters.get("offset"), 0)
    found = sorted(packages.documents(), key=lambda item: item["key"])
    found.sort(key=lambda item: str(item["modified"]), reverse=True)
    return packages.packages([item["key"] for item in found[offset : offset + limit]])


def package_show(parameters: Parameters) -> dict[str, Any]:
    """One dataset by id or name."""
    key = _find(_required(parameters, "id", "name_or_id"))
    return packages.packages([key])[0]


def package_search(parameters: Parameters) -> dict[str, Any]:
    """Datasets by q, fq, facet.field, sort, rows and start."""
    return searching.search(parameters)


def package_autocomplete(parameters: Parameters) -> list[dict[str, str]]:
    """Datasets whose title or name contains the words."""
    words = plain(_required(parameters, "q"))
    limit = whole("limit", parameters.get("limit"), 10)
    found = []
    for item in packages.documents():
        for field in ("title", "name"):
            if words in item["search"][field][0]:
                name = packages.name_of(item["key"])
                shown = item["title"] if field == "title" else name
                found.append(
                    {"name": name, "title": item["title"], "match_field": field, "match_displayed": shown}
                )
                break
    return found[:limit]


def resource_show(parameters: Parameters) -> dict[str, Any]:
    """One resource by id."""
    wanted = _required(parameters, "id")
    key = next((item["key"] for item in packages.documents() if wanted.startswith(f"{item['key']}.")), None)
    found = packages.packages([key])[0]["resources"] if key else []
    for resource in found:
        if resource["id"] == wanted:
            result: dict[str, Any] = resource
            return result
    raise NotFoundError("Not found: Resource was not found.")


def resource_view_list(parameters: Parameters) -> list[Any]:
    """Views of a resource: none."""
    resource_show(parameters)
    return []


def organization_list(parameters: Parameters) -> list[Any]:
    """The organisations that published something."""
    return _listed(parameters, "organization", packages.organisation, by_title=True)


def organization_show(parameters: Parameters) -> dict[str, Any]:
    """One organisation with its number of datasets."""
    return _shown(parameters, "organization", packages.organisation, by_title=True)


def group_list(parameters: Parameters) -> list[Any]:
    """The groups, which are the themes that something is published under."""
    return _listed(parameters, "group", packages.group)


def group_show(parameters: Parameters) -> dict[str, Any]:
    """One group with its number of datasets."""
    return _shown(parameters, "group", packages.group)


def tag_list(parameters: Parameters) -> list[str]:
    """All keywords; with `query` those that contain it."""
    words = plain(str(parameters.get("query") or ""))
    found = {word for item in packages.documents() for word in item["tags"]}
    return sorted(word for word in found if words in plain(word))


def tag_show(parameters: Parameters) -> dict[str, Any]:
    """One keyword."""
    word = _required(parameters, "id")
    if word not in tag_list({}):
        raise NotFoundError("Not found: Tag was not found.")
    return packages.tag(word)


def license_list(_: Parameters) -> list[dict[str, Any]]:
    """The licences of GovData's list that this house publishes under."""
    return [
        {
            "id": item.value.uri,
            "title": item.value.title,
            "url": item.value.url,
            "status": "active",
            "is_okd_compliant": True,
            "od_conformance": "approved",
        }
        for item in Licence
    ]


def format_autocomplete(parameters: Parameters) -> list[str]:
    """Formats that begin like this."""
    words = _required(parameters, "q").casefold()
    found = {form for item in packages.documents() for form in item["formats"]}
    return sorted(form.lower() for form in found if form.casefold().startswith(words))


def status_show(_: Parameters) -> dict[str, Any]:
    """What this portal is; it speaks as CKAN 2.10 does."""
    return {
        "ckan_version": "2.10.0",
        "site_url": settings.STADT.url,
        "site_title": packages.site_title(),
        "site_description": f"Vernetzte Stadt {__version__}",
        "error_emails_to": None,
        "locale_default": "de",
        "extensions": ["datastore"],
    }


def site_read(_: Parameters) -> bool:
    """Whether everybody may read: yes."""
    return True


def vocabulary_list(_: Parameters) -> list[Any]:
    """Vocabularies of keywords: none."""
    return []


def help_show(parameters: Parameters) -> str:
    """What an action does."""
    name = _required(parameters, "name")
    if name not in ACTIONS:
        raise NotFoundError("Not found: Action was not found.")
    return str(ACTIONS[name].__doc__)


def datastore_search(parameters: Parameters) -> dict[str, Any]:
    """Rows of a dataset by filters, q, fields, sort, limit and offset."""
    wanted = _required(parameters, "resource_id", "id")
    key = _find(wanted.removesuffix(f".{packages.DATASTORE}"))
    form = str(parameters.get("records_format") or "objects")
    if form != "objects":
        raise wrong("records_format", "must be objects")
    if str(parameters.get("distinct") or "false").lower() not in {"false", "0"}:
        raise wrong("distinct", "is not offered")
    answer = datastore.search(get_snapshot(key), parameters)
    count_access(key, "api", str(parameters.get("user_agent", "")))
    return answer | {"resource_id": wanted}


def datastore_info(parameters: Parameters) -> dict[str, Any]:
    """The fields of a resource and its number of rows."""
    found = datastore_search({**parameters, "limit": 0})
    return {"meta": {"id": found["resource_id"], "count": found["total"]}, "fields": found["fields"][1:]}


def datastore_search_sql(_: Parameters) -> None:
    """Refused: no visitor's SQL is run."""
    raise NotAllowed(
        "Access denied: this portal runs nobody's SQL; use datastore_search with filters, sort, limit and offset."
    )


def _find(wanted: str) -> str:
    """Key of a published dataset by its id or name."""
    for item in packages.documents():
        if wanted in {item["key"], packages.name_of(item["key"])}:
            return str(item["key"])
    raise NotFoundError("Not found: Dataset was not found.")


def _required(parameters: Parameters, *names: str) -> str:
    for name in names:
        value = parameters.get(name)
        if isinstance(value, str) and value:
            return value
    raise wrong(names[0], "Missing value")


def _listed(
    parameters: Parameters, kind: str, describe: Callable[..., dict[str, Any]], *, by_title: bool = False
) -> list[Any]:
    found = Counter(item[kind] for item in packages.documents())
    if str(parameters.get("all_fields", "false")).lower() not in {"true", "1"}:
        return sorted(name for name, _ in found)
    return [
        {**(describe(title) if by_title else describe(name, title)), "package_count": count}
        for (name, title), count in sorted(found.items())
    ]


def _shown(
    parameters: Parameters, kind: str, describe: Callable[..., dict[str, Any]], *, by_title: bool = False
) -> dict[str, Any]:
    wanted = _required(parameters, "id")
    for item in _listed({"all_fields": "true"}, kind, describe, by_title=by_title):
        if item["name"] == wanted:
            result: dict[str, Any] = {**item, "packages": [], "users": [], "extras": []}
            return result
    raise NotFoundError(f"Not found: {kind.capitalize()} was not found.")


ACTIONS: Mapping[str, Action] = {
    action.__name__: action
    for action in (
        package_list,
        current_package_list_with_resources,
        package_show,
        package_search,
        package_autocomplete,
        resource_show,
        resource_view_list,
        organization_list,
        organization_show,
        group_list,
        group_show,
        tag_list,
        tag_show,
        license_list,
        format_autocomplete,
        status_show,
        site_read,
        vocabulary_list,
        help_show,
        datastore_search,
        datastore_info,
        datastore_search_sql,
    )
}
