"""Keeps robots from the form; it has no questions of its own."""

from stadt.web.open_forms import OpenForm


class Guard(OpenForm):
    """The field people do not see, and the time they need."""

    salt = "issues.report"
