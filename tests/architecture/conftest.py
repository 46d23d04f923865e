"""A small, rule-abiding tree in a temporary folder, into which the tests plant one violation each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

APP = """
    class {title}:
        name = "stadt.apps.{app}"
        label = "{app}"
        title = "{title}"
        uses = ({uses})
"""

Plant = Callable[[str, str], Path]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Core, hub, config, one city and the apps `waste` and `trees`; every rule holds."""
    files = {
        "core/__init__.py": "",
        "core/errors.py": "class StadtError(Exception):\n    pass\n",
        "hub/__init__.py": "",
        "hub/places/__init__.py": "",
        "hub/places/queries.py": "from stadt.core.errors import StadtError\n",
        "hub/lake/__init__.py": "import duckdb\n",
        "apps/__init__.py": "",
        "apps/waste/__init__.py": "",
        "apps/waste/apps.py": dedent(APP.format(app="waste", title="Abfall", uses='"trees",')),
        "apps/waste/services.py": "from stadt.apps.trees.public import count_trees\nfrom stadt.hub.places import queries\n",
        "apps/trees/__init__.py": "",
        "apps/trees/apps.py": dedent(APP.format(app="trees", title="Baum", uses="")),
        "apps/trees/public.py": "def count_trees() -> int:\n    return 0\n",
        "apps/trees/models.py": "class Tree:\n    pass\n",
        "config/__init__.py": "",
        "config/settings.py": 'INSTALLED_APPS = ["stadt.apps.waste", "stadt.apps.trees"]\n',
        "cities/musterstadt/city.toml": '[city]\nkey = "musterstadt"\nname = "Musterstadt"\nags = "09999000"\n',
    }
    for name, text in files.items():
        path = tmp_path / "src/stadt" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def plant(tree: Path) -> Plant:
    """Write a file below `src/stadt` of the small tree, or below its root when the path begins with `/`."""

    def write(name: str, text: str) -> Path:
        path = tree / name.lstrip("/") if name.startswith("/") else tree / "src/stadt" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
        return path

    return write
