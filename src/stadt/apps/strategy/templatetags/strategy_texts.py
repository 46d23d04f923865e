"""Marks the language of texts that exist in one language only (WCAG 2.2, 3.1.2)."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from stadt.apps.strategy.german import find_german

register = template.Library()


@register.filter
def in_german(text: str) -> str | SafeString:
    """A printed German text; marked where the page is in another language."""
    return (
        text if (get_language() or "de").startswith("de") else format_html('<span lang="de">{}</span>', text)
    )


@register.filter
def in_english(text: str) -> str | SafeString:
    """An English text of the tables: in German where the city has words for it, else marked as English."""
    if (get_language() or "de").startswith("en"):
        return text
    return find_german(text) or format_html('<span lang="en">{}</span>', text)
