"""What the running city asks itself about its answers."""

from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.apps.dialogue.models import Question
from stadt.apps.dialogue.workflow import WAITING


def overdue() -> str | None:
    """Questions that wait longer than was promised."""
    late = Question.objects.filter(state__in=WAITING, answer_by__lt=timezone.now()).count()
    if not late:
        return None
    return _("%(count)s Fragen zur Strategie warten länger als versprochen auf eine Antwort.") % {
        "count": late
    }
