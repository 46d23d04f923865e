"""The rights of those who answer."""

from stadt.core.manifest import Permission

ANSWER = Permission("dialogue.answer", "Fragen zur Strategie beantworten")
MODERATE = Permission("dialogue.moderate", "Alle Fragen zur Strategie betreuen")
