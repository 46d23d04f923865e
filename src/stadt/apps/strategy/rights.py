"""What may be done with the strategy."""

from django.utils.translation import gettext_noop

from stadt.core.manifest import Permission

PROPOSE = Permission("strategy.propose", gettext_noop("Änderungen der Strategie vorschlagen"))
COMMENT = Permission("strategy.comment", gettext_noop("Änderungen der Strategie kommentieren"))
EDIT = Permission("strategy.edit", gettext_noop("Änderungsanträge zur Strategie bearbeiten"))
COSIGN = Permission(
    "strategy.cosign", gettext_noop("Änderungen an Infrastruktur, Sicherheit und Datenschutz mitzeichnen")
)
APPROVE = Permission("strategy.approve", gettext_noop("Änderungen der Strategie beschließen"))
ADOPT = Permission("strategy.adopt", gettext_noop("Fassungen der Strategie beschließen"))
SEE_INTERNAL = Permission("strategy.see_internal", gettext_noop("Internes zur Strategie sehen"))
PUBLISH = Permission(
    "strategy.publish", gettext_noop("Fassungen der Strategie vorbereiten und veröffentlichen")
)
ASSIGN_TEAM = Permission("strategy.assign_team", gettext_noop("Teams von Maßnahmen zusammenstellen"))
EXCHANGE = Permission("strategy.exchange", gettext_noop("Strategien einlesen"))

PERMISSIONS = (PROPOSE, COMMENT, EDIT, COSIGN, APPROVE, ADOPT, SEE_INTERNAL, PUBLISH, ASSIGN_TEAM, EXCHANGE)
