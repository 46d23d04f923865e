"""The last app to be ready: it checks what all the others plugged in against the city's links."""

from django.apps import AppConfig

from stadt.core.city import current
from stadt.core.registry import registry


class Config(AppConfig):
    """Seals the registry; a contradiction stops the start with one sentence."""

    name = "stadt.config"
    label = "config"

    def ready(self) -> None:
        links = current().read_toml("links.toml")
        is_whole = all(
            label in registry.apps and registry.apps[label].manifest.indicators
            for label in ("waste", "environment", "catalogue", "strategy")
        )
        registry.seal(links if is_whole else {})
