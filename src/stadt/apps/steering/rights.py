"""The rights of those who steer. What two people decide stays with its holder: no deputy gets it."""

from stadt.core.manifest import Permission

SEE = Permission("steering.see", "Steuerung sehen: Soll, Ist und Warnungen")
PROPOSE_TARGETS = Permission("steering.propose_targets", "Soll-Werte vorschlagen")
DECIDE_TARGETS = Permission("steering.decide_targets", "Soll-Werte beschließen", stays_with_holder=True)
ASSESS = Permission("steering.assess", "Maßnahmen bewerten und Einflüsse prüfen")
CONFIRM = Permission("steering.confirm", "Bewertungen bestätigen", stays_with_holder=True)
ANSWER = Permission("steering.answer", "Warnungen beantworten")

PERMISSIONS = (SEE, PROPOSE_TARGETS, DECIDE_TARGETS, ASSESS, CONFIRM, ANSWER)
