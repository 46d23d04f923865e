"""What a city left open in its texts: `[Gebühr wird von der Stadt festgelegt]` is no fact, and pages show it so."""

import re
from collections.abc import Iterator

from stadt.civic.forms.definition import FormDefinition, Worded
from stadt.civic.rules.bounds import STRINGS

OPEN = re.compile(r"\[([^\[\]\n]{3,200})\](?!\()")
"""Words in square brackets, unless they are a link of Markdown."""


def open_texts(text: str) -> list[str]:
    """What is left open in a text, without its brackets."""
    return OPEN.findall(text)


def open_in_form(form: FormDefinition) -> Iterator[tuple[str, str]]:
    """Each text of a form that is left open: where it stands (key of the step or field), and what it says."""
    for step in form.steps:
        for where, item in [(step.key, step), *((field.key, field) for field in step.fields)]:
            for words in (item.title, item.hint, item.text):
                yield from ((where, found) for found in open_texts(words))
        for field in step.fields:
            literals = " ".join(STRINGS.findall(field.computed))
            yield from ((field.key, found) for found in open_texts(literals))
            parts: tuple[Worded, ...] = field.choices
            for choice in parts:
                yield from ((field.key, found) for found in open_texts(f"{choice.title} {choice.hint}"))
