"""How templates say the end of a role or a deputyship."""

from __future__ import annotations

from django import template

from stadt.apps.people import presentation

register = template.Library()
register.filter("last_day", presentation.last_day)
