"""Every app that keeps personal data says which, and how it is told and erased."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import privacy
from finding import ROOT
from stadt.core.registry import registry

from .conftest import Plant

DUTIES = "\n\ndef export(user):\n    return {}\n\n\ndef erase(user):\n    pass\n"


def rules_broken(tree: Path) -> list[str]:
    return [finding.rule for finding in privacy.check(tree)]


def test_every_personal_field_of_the_tree_is_declared() -> None:
    assert [str(finding) for finding in privacy.check(ROOT)] == []


@pytest.mark.parametrize(
    "field",
    [
        "reply_to = models.EmailField()",
        "phone = models.CharField(max_length=40)",
        "contact_email: Any = models.CharField(max_length=40)",
        "reporter = models.ForeignKey('core.User', models.CASCADE)",
        "reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)",
        "watchers = models.ManyToManyField(to=User)",
    ],
)
def test_a_personal_field_without_declaration_is_found(tree: Path, plant: Plant, field: str) -> None:
    plant("apps/waste/models.py", f"class Tour(models.Model):\n    {field}\n    title = models.TextField()\n")
    (finding,) = privacy.check(tree)
    assert (finding.rule, finding.line) == ("undeclared personal field", 2)


def test_a_declared_field_with_duties_and_their_test_passes(tree: Path, plant: Plant) -> None:
    plant("apps/waste/models.py", "class Tour(models.Model):\n    email = models.EmailField()\n")
    plant("apps/waste/privacy.py", 'PERSONAL = {"Tour": ("email",)}' + DUTIES)
    assert rules_broken(tree) == ["unplugged duty", "untested duty"]
    plant("apps/waste/manifest.py", "MANIFEST = Manifest(privacy=Privacy(privacy.export, privacy.erase))\n")
    assert rules_broken(tree) == ["untested duty"]
    plant("apps/waste/tests/test_privacy.py", "")
    assert rules_broken(tree) == []


def test_duties_that_no_manifest_plugs_in_are_found(tree: Path, plant: Plant) -> None:
    plant("apps/waste/models.py", "class Tour(models.Model):\n    email = models.EmailField()\n")
    plant("apps/waste/privacy.py", 'PERSONAL = {"Tour": ("email",)}' + DUTIES)
    plant("apps/waste/tests/test_privacy.py", "")
    plant("apps/waste/manifest.py", "MANIFEST = Manifest(path='abfall')\n")
    assert rules_broken(tree) == ["unplugged duty"]


def test_every_installed_app_that_keeps_personal_data_answers_for_it() -> None:
    found = {}
    for app in registry.apps.values():
        if find_spec(f"{app.name}.privacy") is not None:
            module = import_module(f"{app.name}.privacy")
            if getattr(module, "PERSONAL", {}):
                plugged = app.manifest.privacy
                found[app.label] = plugged is not None and (plugged.export, plugged.erase) == (
                    module.export,
                    module.erase,
                )
    assert found
    assert [label for label, is_plugged in found.items() if not is_plugged] == []


def test_a_declaration_without_export_and_erasure_is_not_enough(tree: Path, plant: Plant) -> None:
    plant("apps/waste/models.py", "class Tour(models.Model):\n    email = models.EmailField()\n")
    plant("apps/waste/privacy.py", 'PERSONAL = {"Tour": ("email",)}\n')
    plant("apps/waste/tests/test_privacy.py", "")
    plant("apps/waste/manifest.py", "MANIFEST = Manifest(privacy=None)\n")
    assert rules_broken(tree) == ["missing duty", "missing duty"]


def test_a_harmless_field_needs_a_reason(tree: Path, plant: Plant) -> None:
    plant("apps/waste/models.py", "class Tour(models.Model):\n    email = models.EmailField()\n")
    plant("apps/waste/privacy.py", 'NOT_PERSONAL = {"Tour.email": ""}\n')
    assert rules_broken(tree) == ["undeclared personal field"]
    plant("apps/waste/privacy.py", 'NOT_PERSONAL = {"Tour.email": "mailbox of the depot"}\n')
    assert rules_broken(tree) == []


def test_a_declaration_names_fields_that_exist(tree: Path, plant: Plant) -> None:
    plant("apps/waste/privacy.py", 'NOT_PERSONAL = {"Tour.email": "mailbox of the depot"}\n')
    assert rules_broken(tree) == ["unknown field"]
