"""The actions that are given, by name: each takes the parameters and returns the result."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.conf import settings

from stadt import __version__
from stadt.hub.datasets.access_log import count_access
from stadt.hub.datasets.declaration import Licence
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.opendata.ckan import datastore, packages, resources, searching
from stadt.hub.opendata.ckan.conditions import Condition, all_of
from stadt.hub.opendata.ckan.datastore import whole
from stadt.hub.opendata.ckan.errors import NotAllowed, NotFoundError, wrong
from stadt.hub.opendata.ckan.fields import is_value
from stadt.hub.opendata.index.words import fold

Parameters = Mapping[str, Any]
Action = Callable[[Parameters], Any]
MOST_PACKAGES = 1000
MOST_NAMES = 100_000
# What a page of rows was asked with, and the next one is asked with again.
PAGED = (
    "resource_id",
    "id",
    "filters",
    "q",
    "fields",
    "sort",
    "limit",
    "distinct",
    "records_format",
    "include_total",
)
KINDS = {"organization": "organization", "group": "groups"}


def package_list(parameters: Parameters) -> list[str]:
    """Names of all datasets; at most 100,000 at once."""
    offset = whole("offset", parameters.get("offset"), 0)
    limit = min(whole("limit", parameters.get("limit"), MOST_NAMES), MOST_NAMES)
    rows = searching.published().ask("e.name", "ORDER BY e.name OFFSET %s LIMIT %s", [offset, limit])
    return [name for (name,) in rows]


def current_package_list_with_resources(parameters: Parameters) -> list[dict[str, Any]]:
    """Whole packages, those changed last first; at most 1,000 at once."""
    limit = min(whole("limit", parameters.get("limit"), MOST_PACKAGES), MOST_PACKAGES)
    offset = whole("offset", parameters.get("offset"), 0)
    return searching.published().packages("e.changed_at DESC, e.key", [], offset, limit)


def package_show(parameters: Parameters) -> dict[str, Any]:
    """One dataset by id or name."""
    return _package(_required(parameters, "id", "name_or_id"))


def package_search(parameters: Parameters) -> dict[str, Any]:
    """Datasets by q, fq, facet.field, sort, rows and start."""
    return searching.search(parameters)


def package_autocomplete(parameters: Parameters) -> list[dict[str, str]]:
    """Datasets whose title or name contains the words."""
    wanted = _required(parameters, "q")
    words, limit = fold(wanted), whole("limit", parameters.get("limit"), 10, MOST_PACKAGES)
    inside = "position(%s IN split_part(e.sort_title, chr(1), 1)) > 0"
    rows = searching.published(
        Condition(sql=f"{inside} OR position(%s IN e.name) > 0", values=(words, wanted.lower()))
    ).ask("e.name, e.title", "ORDER BY e.key LIMIT %s", [limit])
    found = []
    for name, title in rows:
        field = "title" if words in fold(title) else "name"
        shown = title if field == "title" else name
        found.append({"name": name, "title": title, "match_field": field, "match_displayed": shown})
    return found


def resource_show(parameters: Parameters) -> dict[str, Any]:
    """One resource by id."""
    wanted = _required(parameters, "id")
    key, _, _ = wanted.rpartition(".")
    for resource in _resources(key):
        if resource["id"] == wanted:
            return resource
    raise NotFoundError("Not found: Resource was not found.")


def _resources(key: str) -> list[dict[str, Any]]:
    """The resources of a dataset by its id; none where there is no such dataset."""
    found = searching.published(Condition(sql="e.key = %s", values=(key,))).packages("e.key", [], 0, 1)
    return list(found[0]["resources"]) if found else []


def resource_search(parameters: Parameters) -> dict[str, Any]:
    """Resources whose fields contain the words of `query`: `field:words`, one or a list of them."""
    return resources.search(parameters)


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
    words = fold(str(parameters.get("query") or ""))
    rows = searching.published().ask("DISTINCT unnest(e.tags)")
    return sorted(word for (word,) in rows if words in fold(word))


def tag_show(parameters: Parameters) -> dict[str, Any]:
    """One keyword."""
    word = _required(parameters, "id")
    has_it = all_of([is_value("tags", word), Condition(sql="%s = ANY(e.tags)", values=(word,))])
    if not searching.published(has_it).ask("1", "LIMIT 1"):
        raise NotFoundError("Not found: Tag was not found.")
    return packages.tag(word)


def user_list(_: Parameters) -> list[Any]:
    """Accounts: none of them is public."""
    return []


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
    found = searching.count_values(searching.published(), "res_format")
    return sorted({form.lower() for form, _title, _count in found if form.casefold().startswith(words)})


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
    key = find_rows(wanted)
    answer = datastore.search(get_snapshot(key), parameters)
    count_access(key, "api", str(parameters.get("user_agent", "")))
    is_last = answer.pop("is_last")
    following = answer["offset"] + answer["limit"]
    asked = {name: parameters[name] for name in PAGED if parameters.get(name) not in (None, "")}
    answer["resource_id"] = wanted
    answer["_links"] = {"start": _link(asked, 0), "next": _link(asked, following)}
    if datastore.is_true(parameters.get("include_next_page")):
        answer["include_next_page"] = True
        if parameters.get("limit") is not None and not is_last:
            answer["next_page"] = {**asked, "offset": following}
    return answer


def _link(asked: Parameters, offset: int) -> str:
    """Address of another page of the same rows, without host as CKAN writes it."""
    query = {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in asked.items()
    }
    return f"/api/3/action/datastore_search?{urlencode({**query, 'offset': offset} if offset else query)}"


def datastore_info(parameters: Parameters) -> dict[str, Any]:
    """The fields of a resource and its number of rows."""
    found = datastore_search(
        {"resource_id": parameters.get("resource_id"), "id": parameters.get("id"), "limit": 0}
    )
    return {"meta": {"id": found["resource_id"], "count": found["total"]}, "fields": found["fields"][1:]}


def datastore_search_sql(_: Parameters) -> None:
    """Refused: no visitor's SQL is run."""
    raise NotAllowed(
        "Access denied: this portal runs nobody's SQL; use datastore_search with filters, sort, limit and offset."
    )


def find_rows(wanted: str) -> str:
    """Key of the dataset whose rows a resource has, by its id or the dataset's.

    Raises:
        NotFoundError: there is none for everybody, or it has no rows here.
    """
    return str(_package(wanted.removesuffix(f".{packages.DATASTORE}"))["id"])


def _package(wanted: str) -> dict[str, Any]:
    """A published dataset by its id or name."""
    if "\0" in wanted:  # the database takes no such text
        raise NotFoundError("Not found: Dataset was not found.")
    condition = Condition(sql="e.key = %s OR e.name = %s", values=(wanted, wanted))
    found = searching.published(condition).packages("e.key", [], 0, 1)
    if not found:
        raise NotFoundError("Not found: Dataset was not found.")
    return found[0]


def _required(parameters: Parameters, *names: str) -> str:
    for name in names:
        value = parameters.get(name)
        if isinstance(value, str) and value:
            return value
    raise wrong(names[0], "Missing value")


def _listed(
    parameters: Parameters, kind: str, describe: Callable[..., dict[str, Any]], *, by_title: bool = False
) -> list[Any]:
    found = sorted(searching.count_values(searching.published(), KINDS[kind]))
    if str(parameters.get("all_fields", "false")).lower() not in {"true", "1"}:
        return [name for name, _title, _count in found]
    return [
        {**(describe(title) if by_title else describe(name, title)), "package_count": count}
        for name, title, count in found
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
        resource_search,
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
        user_list,
        vocabulary_list,
        help_show,
        datastore_search,
        datastore_info,
        datastore_search_sql,
    )
}
