"""The United Nations' seventeen Sustainable Development Goals with their official short titles."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# Titles as in the German and English editions of resolution A/RES/70/1 used by un.org and the Federal Government.
TITLES = {
    1: _("Keine Armut"),
    2: _("Kein Hunger"),
    3: _("Gesundheit und Wohlergehen"),
    4: _("Hochwertige Bildung"),
    5: _("Geschlechtergleichheit"),
    6: _("Sauberes Wasser und Sanitäreinrichtungen"),
    7: _("Bezahlbare und saubere Energie"),
    8: _("Menschenwürdige Arbeit und Wirtschaftswachstum"),
    9: _("Industrie, Innovation und Infrastruktur"),
    10: _("Weniger Ungleichheiten"),
    11: _("Nachhaltige Städte und Gemeinden"),
    12: _("Nachhaltiger Konsum und Produktion"),
    13: _("Maßnahmen zum Klimaschutz"),
    14: _("Leben unter Wasser"),
    15: _("Leben an Land"),
    16: _("Frieden, Gerechtigkeit und starke Institutionen"),
    17: _("Partnerschaften zur Erreichung der Ziele"),
}


def goal_title(number: int) -> str:
    """`11 Nachhaltige Städte und Gemeinden` in the reader's language."""
    return f"{number} {gettext(TITLES[number])}"
