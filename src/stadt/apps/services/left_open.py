"""Which texts of the services the city has left open, for the office that has to fill them in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import ngettext

from stadt.apps.services.offers import language
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.versions import list_types
from stadt.civic.forms.open_texts import open_in_form, open_texts
from stadt.civic.forms.queries import definition_of, list_forms

TOLD = ("title", "description", "plain", "costs", "needs", "takes")


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text that is left open: whose service, in which file of the city's folder, under which entry, and what it says."""

    service: str
    file: str
    entry: str
    text: str


def list_open_texts() -> list[OpenText]:
    """Everything that is left open in services and their forms, in the order of the services."""
    forms = {version.key: version for version in list_forms()}
    found: list[OpenText] = []
    for one in list_types():
        title = one.translated("title", language())
        found += [OpenText(title, f"services/{one.key}.toml", entry, text) for entry, text in _of_type(one)]
        keys = dict.fromkeys([one.form, *(category.form for category in one.categories)])
        for key in filter(forms.get, keys):
            definition = definition_of(forms[key])
            found += [
                OpenText(title, f"forms/{key}.toml", where, text) for where, text in open_in_form(definition)
            ]
    return found


def _of_type(one: CaseType) -> Iterator[tuple[str, str]]:
    for entry in TOLD:
        yield from ((entry, text) for text in open_texts(str(getattr(one, entry))))
    for template in one.templates:
        yield from ((f"template {template.key}", text) for text in open_texts(template.text))
    for category in one.categories:
        yield from ((f"category {category.key}", text) for text in open_texts(category.description))


def check_open_texts() -> str | None:
    """For `stadt doctor`: how many texts the city still has to fill in."""
    found = list_open_texts()
    if not found:
        return None
    words = {"count": len(found), "file": found[0].file}
    return (
        ngettext(
            "%(count)s Text ist noch offen, in %(file)s; „/dienste/offen/“ zeigt ihn.",
            "%(count)s Texte sind noch offen, zuerst in %(file)s; „/dienste/offen/“ zeigt sie.",
            len(found),
        )
        % words
    )
