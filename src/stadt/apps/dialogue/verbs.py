"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb


def _question(pk: str) -> str | None:
    return reverse("dialogue:inbox_question", kwargs={"pk": int(pk)}) if pk.isdigit() else None


VERBS = (
    Verb("subscribe", _("Abo bestellt")),
    Verb("confirm_subscription", _("Abo bestätigt")),
    Verb("change_rhythm", _("Rhythmus des Abos geändert")),
    Verb("unsubscribe", _("Abo beendet")),
    Verb("send_news", _("Neuigkeiten verschickt")),
    Verb("keep_news", _("Neuigkeit festgehalten")),
    Verb("ask_question", _("Frage gestellt")),
    Verb("take_on", _("Frage in Bearbeitung genommen")),
    Verb("hand_over", _("Frage weitergegeben")),
    Verb("answer_question", _("Frage beantwortet")),
    Verb("decline_question", _("Frage nicht beantwortet")),
    Verb("confirm_asker", _("Adresse zur Frage bestätigt")),
    Verb("remove_asker", _("Adresse zur Frage gelöscht")),
    Verb("forget_old", _("Nicht mehr Gebrauchtes gelöscht")),
)
SUBJECTS = (
    Subject("news_subscription", _("Abo")),
    Subject("strategy_question", _("Frage zur Strategie"), _question),
    Subject("strategy_news", _("Neuigkeit zur Strategie")),
    Subject("dialogue", _("Dialog zur Strategie")),
)
