"""Whether this version of the platform can take over what another one left."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import stadt
from stadt.core.errors import StadtError
from stadt.core.language import in_words


def check_version(facts: Mapping[str, Any]) -> None:
    """Refuse what a newer version made: its tables may hold what this one does not know.

    Raises:
        StadtError: with the version that is needed.
    """
    made_by, here = str(facts["platform"]), stadt.__version__
    unknown = [name for name in facts["migrations"] if _is_unknown(name)]
    if _numbers(made_by) <= _numbers(here) and not unknown:
        return
    because = f" ({unknown[0]})" if unknown else ""
    raise StadtError(
        in_words(
            f"Diese Sicherung stammt von Version {made_by}{because}, hier läuft {here}: Bitte die neuere Version nehmen.",
            f"This backup is of version {made_by}{because}, here runs {here}: please take the newer version.",
        )
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _is_unknown(migration: str) -> bool:
    """A migration of one of our own apps that this version has no file for."""
    app, _, name = migration.partition(".")
    package = Path(stadt.__file__).parent
    folders = [folder for folder in package.glob(f"**/{app}/migrations") if folder.is_dir()]
    return bool(folders) and not any((folder / f"{name}.py").is_file() for folder in folders)
