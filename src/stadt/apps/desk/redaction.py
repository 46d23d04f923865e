"""The rectangles of a redaction as numbers a person types, in percent of the photo's width and height."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST = 4
SIDES = ("left", "top", "width", "height")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in percent, from the upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def shares(self) -> tuple[float, float, float, float]:
        """Left, top, width and height from 0 to 1, kept inside the photo."""
        left, top = self.left / 100, self.top / 100
        return left, top, min(self.width / 100, 1 - left), min(self.height / 100, 1 - top)


class BoxForm(forms.Form):
    """One rectangle; empty for none."""

    left = forms.FloatField(label=_("von links"), required=False, min_value=0, max_value=99.9, localize=True)
    top = forms.FloatField(label=_("von oben"), required=False, min_value=0, max_value=99.9, localize=True)
    width = forms.FloatField(label=_("Breite"), required=False, min_value=0.1, max_value=100, localize=True)
    height = forms.FloatField(label=_("Höhe"), required=False, min_value=0.1, max_value=100, localize=True)

    def clean(self) -> dict[str, Any]:
        """All four numbers or none."""
        said = super().clean() or {}
        missing = [name for name in SIDES if said.get(name) is None and name not in self.errors]
        if missing and len(missing) < len(SIDES) and not self.errors:
            self.add_error(missing[0], gettext("Ein Bereich braucht alle vier Zahlen."))
        return said

    def box(self) -> Box | None:
        """The rectangle; None where nothing was typed."""
        said = self.cleaned_data
        return Box(*(said[name] for name in SIDES)) if said.get("left") is not None else None


def box_forms(data: Mapping[str, Any] | None = None) -> list[BoxForm]:
    """As many forms as a photo can have rectangles at once."""
    return [BoxForm(data, prefix=f"b{number}") for number in range(1, MOST + 1)]
