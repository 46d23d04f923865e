"""The base of every app's identity: it imports the app's manifest and registers it."""

from importlib import import_module
from typing import Any, ClassVar

from django.apps import AppConfig

from stadt.core.manifest import Manifest
from stadt.core.registry import registry


class Application(AppConfig):
    """Identity of an app: `name`, `label`, `title`, and the apps it `uses` (by label).

    Django picks the one AppConfig with `default = True` in `apps.py`; importing this base there would otherwise
    make two candidates and register nothing.
    """

    default = False
    default_auto_field = "django.db.models.BigAutoField"
    title: ClassVar[str] = ""
    manifest_module: ClassVar[str] = "manifest"
    uses: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self) -> None:
        manifest = import_module(f"{self.name}.{self.manifest_module}").MANIFEST
        if not isinstance(manifest, Manifest):
            raise TypeError(f"{self.name}.{self.manifest_module}.MANIFEST is no Manifest")
        registry.add(label=self.label, name=self.name, title=self.title, uses=self.uses, manifest=manifest)
