"""`{% load civic %}`: a step of a form to fill in, and answers to read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stadt.civic.forms.attachments import accepted_kinds, file_names
from stadt.civic.forms.definition import FILE_KINDS, FormDefinition, Step
from stadt.civic.forms.models import Draft, Submission
from stadt.civic.forms.open_texts import OPEN
from stadt.civic.forms.queries import definition_of
from stadt.civic.forms.reading_back import shown_answers
from stadt.civic.forms.shown import Showing, current_language, shown_step
from stadt.core import city
from stadt.core.errors import FieldError

register = template.Library()
ACCEPT = {
    "photo": "image/jpeg,image/png,image/webp",
    "pdf": "application/pdf,.pdf",
    "document": ".odt,.docx",
}


@register.simple_tag
def civic_step(
    form: FormDefinition,
    step: Step,
    answers: Mapping[str, Any] | None = None,
    errors: Iterable[FieldError] = (),
    *,
    raw: Mapping[str, Any] | None = None,
    draft: Draft | None = None,
    plain: bool = False,
    stops: Sequence[str] = (),
    revealed: Sequence[str] = (),
    found: Mapping[str, Sequence[Any]] | None = None,
    names: Mapping[str, Any] | None = None,
    files: Mapping[int, str] | None = None,
    summary: bool = True,
) -> SafeString:
    """Write the fields of one step, with the summary of what is wrong above them.

    The page brings the `<form method="post" enctype="multipart/form-data" novalidate>` with its token and its buttons.

    Args:
        raw: what was sent and refused, so that nobody types it again.
        draft: gives prefilled answers and names; `names` is for forms without a draft.
        plain: show plain language where there is some.
        stops, revealed, found: as in `StepResult`.
        files: names of uploaded files by id, where the page knows better ones.
        summary: whether to write the summary of errors here.
    """
    language = current_language()
    known = answers if answers is not None else (draft.answers if draft else {})
    showing = Showing(
        answers=known,
        raw=raw,
        fixed=draft.prefilled if draft else {},
        names=names if names is not None else (draft.names if draft else {}),
        plain=plain,
        language=language,
        found=found or {},
        files=file_names(form, known) if files is None else files,
    )
    fields = shown_step(form, step, errors, showing)
    here = city.current()
    context = {
        "form": form,
        "step": step,
        "words": step.words(language, plain=plain),
        "fields": fields,
        "wrong": [one for one in fields if one.errors] if summary else [],
        "stops": stops,
        "revealed": revealed,
        "shown": " ".join(one.field.key for one in fields),
        "accept": {key: ",".join(ACCEPT[kind] for kind in kinds) for key, kinds in _accepts(step).items()},
        "bbox": ",".join(str(degree) for degree in here.bbox),
        "basemap": here.basemap,
        "outlines": reverse("web:outlines"),
    }
    return _render("step", context)


@register.simple_tag
def civic_answers(
    submission: Submission | Draft,
    *,
    plain: bool = False,
    links: Mapping[str, str] | None = None,
    files: Mapping[int, str] | None = None,
    level: int = 2,
) -> SafeString:
    """Write the answers to read, step by step; drawn areas with their points.

    Args:
        links: address of a step to change it, by the step's key.
        files: names of files by id.
        level: of the headings.
    """
    erased_at = getattr(submission, "erased_at", None)
    steps = shown_answers(
        definition_of(submission.version),
        submission.answers,
        current_language(),
        plain=plain,
        files=files or {},
    )
    context = {"steps": steps, "links": links or {}, "erased_at": erased_at, "level": level}
    return _render("answers", context)


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value of a key, the empty string when there is none."""
    return mapping.get(key, "")


@register.filter
def open_marked(text: str) -> SafeString:
    """Write a text of the city with what it leaves open (`open_texts`) marked, so that nobody takes it for a fact."""
    parts = OPEN.split(str(text))
    marked = [
        format_html('<span class="open-text"><strong>{}</strong> {}</span>', _("offen:"), part)
        if number % 2
        else escape(part)
        for number, part in enumerate(parts)
    ]
    return mark_safe("".join(marked))  # noqa: S308 - every part is escaped above


def _accepts(step: Step) -> dict[str, Sequence[str]]:
    return {one.key: accepted_kinds(one) for one in step.fields if one.kind in FILE_KINDS}


def _render(name: str, context: Mapping[str, Any]) -> SafeString:
    return mark_safe(render_to_string(f"civic_forms/{name}.html", dict(context)))  # noqa: S308 - our own template, escaped
