"""How a dataset is used by program: complete examples with this dataset's addresses."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from stadt.hub.opendata.records import Record


@dataclass(frozen=True, slots=True)
class Example:
    """A program in a language, ready to run."""

    title: str
    code: str


def examples_of(record: Record) -> list[Example]:
    """For the command line, Python and R; none before the first snapshot."""
    if record.snapshot is None:
        return []
    base = settings.STADT.url
    rows = f"{base}/api/v1/datasets/{record.key}/rows"
    table = f"{base}/files/{record.key}/latest/{record.key}.en.csv"
    first = record.snapshot.columns[0].name
    return [
        Example(
            gettext("Kommandozeile"),
            f'curl -LO "{table}"\ncurl "{rows}?select={first}&limit=5&format=csv"',
        ),
        Example(
            "Python",
            "import json\nfrom urllib.request import urlopen\n\n"
            f'address = "{rows}?limit=1000"\n'
            "rows = []\nwhile address:\n    with urlopen(address) as answer:\n        page = json.load(answer)\n"
            '    rows += page["rows"]\n'
            f'    address = page["next"] and "{base}" + page["next"]\n'
            "print(len(rows), rows[0])",
        ),
        Example("R", f'daten <- read.csv("{table}")\nsummary(daten)'),
    ]


def embed_code(record: Record, address: str) -> str:
    """The frame that shows the dataset's chart or map in another page."""
    title = record.title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<iframe src="{settings.STADT.url}{address}" title="{title}" width="100%" height="480" loading="lazy"'
        ' style="border:0"></iframe>'
    )
