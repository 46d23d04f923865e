"""Every app is installed, registered and documented."""

from __future__ import annotations

import pytest
from django.apps import apps as installed

from finding import ROOT
from stadt.core.application import Application
from stadt.core.registry import registry

PACKAGE = ROOT / "src/stadt"
FOLDERS = sorted(path.parent for path in PACKAGE.rglob("apps.py") if path.parent.name != "config")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_app_is_installed_and_registered(folder: object) -> None:
    name = "stadt." + ".".join(folder.relative_to(PACKAGE).parts)  # type: ignore[attr-defined]
    config = next((config for config in installed.get_app_configs() if config.name == name), None)
    assert config is not None, f"{name} is not in INSTALLED_APPS"
    assert isinstance(config, Application), f"Django chose another AppConfig for {name}"
    assert registry.apps[config.label].name == name


def test_nothing_is_registered_that_has_no_folder() -> None:
    names = {"stadt." + ".".join(folder.relative_to(PACKAGE).parts) for folder in FOLDERS}
    assert {app.name for app in registry.apps.values()} == names


def test_labels_and_folders_have_the_same_name() -> None:
    """Where a folder's name says little by itself, the label of a civic part begins with its floor."""
    labels = {label.removeprefix("civic_") for label in registry.apps}
    assert {app.name.rsplit(".", 1)[-1] for app in registry.apps.values()} == labels


def test_every_app_has_its_page_of_documentation() -> None:
    labels = [folder.name for folder in FOLDERS if folder.parent.name == "apps"]
    missing = [label for label in labels if not (ROOT / f"docs/apps/{label}.md").is_file()]
    assert missing == []


def test_the_registry_finds_no_contradiction() -> None:
    assert list(registry.problems()) == []
