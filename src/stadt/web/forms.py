"""How any Django form field becomes a KERN field: which markup it gets and the attributes its widget carries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

BOXES = (forms.CheckboxSelectMultiple, forms.RadioSelect)


def shown_field(bound: BoundField) -> dict[str, Any]:
    """Return what `web/components/field.html` needs: the field's form and its widget as HTML."""
    form = field_form(bound)
    return {
        "field": bound,
        "form": form,
        "hint_id": f"{bound.id_for_label}-hint" if bound.help_text else "",
        "error_id": f"{bound.id_for_label}-error" if bound.errors else "",
        "is_required": bound.field.required,
        "boxes": list(bound.subwidgets) if form == "boxes" else [],
        "box_type": getattr(bound.field.widget, "input_type", ""),
        "widget": "" if form == "boxes" else _widget(bound, form),
    }


def field_form(bound: BoundField) -> str:
    """Return 'checkbox', 'boxes', 'select', 'textarea', 'file' or 'input'."""
    widget = bound.field.widget
    if isinstance(widget, BOXES):
        return "boxes"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "input"


def _widget(bound: BoundField, form: str) -> SafeString:
    error = "--error" if bound.errors else ""
    classes = {
        "checkbox": f"kern-form-check__checkbox kern-form-check__checkbox{error}"
        if error
        else "kern-form-check__checkbox",
        "select": f"kern-form-input__select kern-form-input__select{error}"
        if error
        else "kern-form-input__select",
    }.get(
        form, f"kern-form-input__input kern-form-input__input{error}" if error else "kern-form-input__input"
    )
    described = [f"{bound.id_for_label}-hint"] if bound.help_text else []
    attributes: dict[str, Any] = {"class": classes}
    if bound.field.widget.attrs.get("placeholder") == bound.label:
        attributes["placeholder"] = False  # says the label twice, and vanishes when one types
    if bound.errors:
        attributes["aria-invalid"] = "true"
        described.append(f"{bound.id_for_label}-error")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs=attributes)
