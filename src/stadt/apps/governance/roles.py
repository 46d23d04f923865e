"""The role templates R-01 to R-13 as read from `roles.toml`, with the titles the city gives them. R-14, the public, has no role."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stadt.core.city import current
from stadt.core.registry import registry

FILE = Path(__file__).with_name("roles.toml")
OURS = ("strategy", "indicators", "steering", "governance", "reports", "dialogue")
"""Areas whose permissions the templates give."""


@dataclass(frozen=True, slots=True)
class Template:
    """A role of the strategy: `requirement` such as `R-03`, the key of core's role, its title and what it may do."""

    requirement: str
    key: str
    title: str
    kind: str
    permissions: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """The permissions that an installed part declares."""
        return tuple(key for key in self.permissions if key in registry.permissions)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The permissions that no installed part declares (yet)."""
        return tuple(key for key in self.permissions if key not in registry.permissions)


@cache
def templates() -> tuple[Template, ...]:
    """All templates in the order of their requirements."""
    with FILE.open("rb") as file:
        document: dict[str, Any] = tomllib.load(file)
    titles = current().read_toml("governance.toml").get("titles", {})
    return tuple(
        Template(
            entry["id"],
            entry["key"],
            titles.get(entry["key"], entry["title"]),
            entry["kind"],
            tuple(entry["permissions"]),
        )
        for entry in document["role"]
    )


def keys_of(role: str) -> tuple[str, ...]:
    """Keys of core's roles for a requirement (`R-05` has two) or for a role's own key; empty for what is neither."""
    return tuple(template.key for template in templates() if role in (template.requirement, template.key))
