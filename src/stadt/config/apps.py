"""The last app to be ready: it checks what all the others plugged in against the city's links."""

from django.apps import AppConfig

from stadt.core.city import current
from stadt.core.registry import registry


class Config(AppConfig):
    """Seals the registry; a contradiction stops the start with one sentence."""

    name = "stadt.config"
    label = "config"

    def ready(self) -> None:
        registry.seal(current().read_toml("links.toml"))
