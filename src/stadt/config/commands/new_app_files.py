"""What `stadt new-app` writes: the texts of an app's first files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewApp:
    """An app to be: label, German and English title, first part of its address."""

    name: str
    title: str
    title_en: str
    path: str

    @property
    def class_name(self) -> str:
        return "".join(part.title() for part in self.name.split("_"))


APPS = '''"""Identity of {name}."""

from stadt.core.application import Application


class {class_name}(Application):
    """{title_en}."""

    name = "stadt.apps.{name}"
    label = "{name}"
    title = "{title}"
'''

MANIFEST = '''"""Everything that {name} plugs in."""

from stadt.apps.{name} import views
from stadt.core.manifest import EVERYBODY, Manifest, Menu, Page

MANIFEST = Manifest(
    path="{path}",
    pages=(Page("overview", "", views.overview, title="{title}", menu=Menu.CITY, permission=EVERYBODY),),
)
'''

VIEWS = '''"""Pages of {name}."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """`/{path}/`: the app's first page."""
    return render(request, "{name}/overview.html")
'''

TEMPLATE = """{{% extends "web/base.html" %}}{{% load i18n stadt %}}
{{% block title %}}{{% translate "{title}" %}}{{% endblock %}}
{{% block crumbs %}}{{% breadcrumb _("{title}") %}}{{% endblock %}}
{{% block header %}}{{% page_header _("{title}") %}}{{% endblock %}}
{{% block content %}}
{{% empty_state _("Noch keine Einträge") text=_("Sobald Daten vorliegen, erscheinen sie hier.") %}}
{{% endblock %}}
"""

TEST = '''"""The pages of {name}."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_overview_shows_its_title(client: Client) -> None:
    answer = client.get("/{path}/")
    assert answer.status_code == 200
    assert "{title}" in answer.content.decode()


@pytest.mark.django_db
def test_the_overview_speaks_english_too(client: Client) -> None:
    answer = client.get("/{path}/", headers={{"accept-language": "en"}})
    assert "No entries yet" in answer.content.decode()
'''

TRANSLATION = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "{title}"
msgstr "{title_en}"

msgid "Noch keine Einträge"
msgstr "No entries yet"

msgid "Sobald Daten vorliegen, erscheinen sie hier."
msgstr "They appear here as soon as there are data."
"""

DOCUMENTATION = """# {name}: {title_en}

{title} stands at `/{path}/`. What the app declares is listed in the [reference](../reference/README.md).

## What it does

One page, `overview`, with a place for its entries.

## What it keeps

Nothing yet. An app that keeps personal data declares it in `privacy.py`.
"""


def files_of(app: NewApp) -> dict[str, str]:
    """The app's files: path inside its folder to text."""
    return {
        "__init__.py": "",
        "apps.py": _fill(APPS, app),
        "manifest.py": _fill(MANIFEST, app),
        "views.py": _fill(VIEWS, app),
        f"templates/{app.name}/overview.html": _fill(TEMPLATE, app),
        "locale/en/LC_MESSAGES/django.po": _fill(TRANSLATION, app),
        "tests/__init__.py": "",
        "tests/test_pages.py": _fill(TEST, app),
    }


def documentation(app: NewApp) -> str:
    """The page `docs/apps/<name>.md`."""
    return _fill(DOCUMENTATION, app)


def _fill(text: str, app: NewApp) -> str:
    return text.format(
        name=app.name, title=app.title, title_en=app.title_en, path=app.path, class_name=app.class_name
    )
