"""What the bodies' work needs rights for. Deciding stays with people: no token and no job holds these."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Permission

SEE = Permission("governance.see", _("Internes der Gremien lesen"))
PREPARE = Permission("governance.prepare", _("Beschlüsse vorbereiten"))
DECIDE = Permission("governance.decide", _("Beschlüsse fassen"))
KEEP_BODIES = Permission("governance.keep_bodies", _("Gremien und ihre Sitze pflegen"))
MINUTES = Permission("governance.minutes", _("Sitzungen vorbereiten und protokollieren"))
RUN_ROUNDS = Permission("governance.run_rounds", _("Erhebungen durchführen"))
GIVE_STATEMENT = Permission("governance.give_statement", _("Stellungnahmen des Beirats abgeben"))
CHECK = Permission("governance.check", _("Grundsätze an Maßnahmen prüfen"))
ALIGN = Permission("governance.align", _("Fachstrategien mit der Strategie abgleichen"))
TELL = Permission("governance.tell", _("Ideen und Hindernisse mitteilen"))
ANSWER = Permission("governance.answer", _("Ideen und Hindernisse beantworten"))

PERMISSIONS = (
    SEE,
    PREPARE,
    DECIDE,
    KEEP_BODIES,
    MINUTES,
    RUN_ROUNDS,
    GIVE_STATEMENT,
    CHECK,
    ALIGN,
    TELL,
    ANSWER,
)
