"""How a verb's refusal reaches the person: in the form, or as a message above the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from stadt.core.errors import Conflict, StadtError


def refuse(form: forms.Form, refusal: StadtError, **names: str) -> int:
    """Write a refusal beside the fields it names, else above the form; returns its status.

    `names` tells where the form calls a field of the verb otherwise: `expires_at="expires_on"`.
    """
    named = [(names.get(item.field, item.field), item.message) for item in refusal.fields]
    shown = [(name, message) for name, message in named if name in form.fields]
    for name, message in shown:
        form.add_error(name, refusal.detail if len(shown) == 1 else message)
    if not shown:
        form.add_error(None, refusal.detail)
    return refusal.status


@contextmanager
def telling_conflicts(request: HttpRequest) -> Iterator[None]:
    """Tell a conflict above the page to which the view leads back; other errors are pages of their own."""
    try:
        yield
    except Conflict as conflict:
        messages.error(request, conflict.detail)
