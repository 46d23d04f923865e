"""What the criteria are called, and the sentences that say what is there or missing."""

from django.utils.translation import gettext_noop as _

from stadt.hub.opendata.quality.criteria import Dimension, Rating

DIMENSIONS = {
    Dimension.FINDABILITY: _("Auffindbarkeit"),
    Dimension.ACCESSIBILITY: _("Zugänglichkeit"),
    Dimension.INTEROPERABILITY: _("Interoperabilität"),
    Dimension.REUSABILITY: _("Nachnutzbarkeit"),
    Dimension.CONTEXTUALITY: _("Kontext"),
    Dimension.GOVDATA: _("Was GovData zählt"),
    Dimension.HOUSE: _("Was Menschen brauchen"),
}

RATINGS = {
    Rating.EXCELLENT: _("ausgezeichnet"),
    Rating.GOOD: _("gut"),
    Rating.SUFFICIENT: _("ausreichend"),
    Rating.BAD: _("schlecht"),
}

# Key of a criterion → title, sentence when it is kept, sentence when it is not.
TEXTS = {
    "mqa.keyword": (
        _("Schlagwörter"),
        _("Der Datensatz hat Schlagwörter."),
        _("Ohne Schlagwörter wird der Datensatz schlecht gefunden. Nennen Sie drei bis fünf."),
    ),
    "mqa.theme": (
        _("Thema"),
        _("Ein Thema der EU-Liste ist angegeben."),
        _("Wählen Sie ein Thema der EU-Liste, damit Portale den Datensatz einordnen."),
    ),
    "mqa.spatial": (
        _("Gebiet"),
        _("Das Gebiet ist angegeben."),
        _("Geben Sie an, für welches Gebiet die Daten gelten."),
    ),
    "mqa.temporal": (
        _("Zeitraum"),
        _("Der Zeitraum ist angegeben."),
        _("Geben Sie an, von wann bis wann die Daten gelten."),
    ),
    "mqa.access-address": (
        _("Adressen der Daten antworten"),
        _("Alle Adressen, unter denen es die Daten gibt, antworten."),
        _(
            "Mindestens eine Adresse der Daten antwortet nicht oder wurde noch nicht geprüft. Prüfen Sie den Link."
        ),
    ),
    "mqa.download": (
        _("Download angegeben"),
        _("Zu jeder Datei ist die Adresse zum Herunterladen angegeben."),
        _("Zu mindestens einer Datei fehlt die Adresse zum Herunterladen."),
    ),
    "mqa.download-address": (
        _("Downloads antworten"),
        _("Alle Downloads antworten."),
        _("Mindestens ein Download antwortet nicht oder wurde noch nicht geprüft. Prüfen Sie den Link."),
    ),
    "mqa.format": (
        _("Format angegeben"),
        _("Das Format ist angegeben."),
        _("Geben Sie das Format der Daten an."),
    ),
    "mqa.media-type": (
        _("Medientyp angegeben"),
        _("Der Medientyp ist angegeben."),
        _("Der Medientyp fehlt, weil das Format nicht bekannt ist."),
    ),
    "mqa.format-table": (
        _("Format aus der EU-Liste"),
        _("Format und Medientyp stehen in den Listen der EU und der IANA."),
        _("Das Format steht nicht in der EU-Liste der Dateiformate. Wählen Sie eines aus der Liste."),
    ),
    "mqa.open-format": (
        _("Offenes Format"),
        _("Es gibt die Daten in einem offenen Format."),
        _("Bieten Sie die Daten in einem offenen Format an, etwa CSV oder GeoJSON."),
    ),
    "mqa.machine-readable": (
        _("Maschinenlesbares Format"),
        _("Es gibt die Daten in einem maschinenlesbaren Format."),
        _("Programme können dieses Format nicht als Tabelle lesen. Bieten Sie etwa CSV an."),
    ),
    "mqa.dcat-ap": (
        _("DCAT-AP eingehalten"),
        _("Die Beschreibung hält die Regeln von DCAT-AP ein."),
        _("Die Beschreibung verletzt eine Regel von DCAT-AP. Welche, steht bei den Prüfergebnissen."),
    ),
    "mqa.licence": (_("Lizenz"), _("Die Lizenz ist angegeben."), _("Geben Sie eine Lizenz an.")),
    "mqa.licence-table": (
        _("Lizenz aus der Liste"),
        _("Die Lizenz steht in der Liste von GovData."),
        _("Wählen Sie eine Lizenz aus der Liste von GovData."),
    ),
    "mqa.access-right": (
        _("Zugangsrecht"),
        _("Es ist angegeben, wer die Daten haben darf."),
        _("Geben Sie an, wer die Daten haben darf."),
    ),
    "mqa.access-right-table": (
        _("Zugang aus der EU-Liste"),
        _("Der Zugang steht in der EU-Liste."),
        _("Wählen Sie den Zugang aus der EU-Liste."),
    ),
    "mqa.contact": (
        _("Kontakt"),
        _("Eine Kontaktstelle ist angegeben."),
        _("Geben Sie eine E-Mail-Adresse für Rückfragen an."),
    ),
    "mqa.publisher": (
        _("Herausgeber"),
        _("Der Herausgeber ist angegeben."),
        _("Geben Sie an, welche Stelle die Daten herausgibt."),
    ),
    "mqa.rights": (
        _("Hinweise zu Rechten"),
        _("Bei jeder Distribution steht, was bei der Nutzung zu beachten ist."),
        _("Bei mindestens einer Distribution fehlt der Hinweis, was bei der Nutzung zu beachten ist."),
    ),
    "mqa.size": (
        _("Dateigröße"),
        _("Zu jeder Datei ist die Größe angegeben."),
        _("Nicht zu jeder Datei ist die Größe bekannt. Sie wird beim ersten Herunterladen eingetragen."),
    ),
    "mqa.issued": (
        _("Erstveröffentlichung"),
        _("Das Datum der ersten Veröffentlichung ist angegeben."),
        _("Das Datum der ersten Veröffentlichung wird beim Veröffentlichen eingetragen."),
    ),
    "mqa.modified": (
        _("Letzte Änderung"),
        _("Das Datum der letzten Änderung ist angegeben."),
        _("Das Datum der letzten Änderung wird beim Veröffentlichen eingetragen."),
    ),
    "govdata.keyword": (
        _("Schlagwort"),
        _("Mindestens ein Schlagwort ist angegeben."),
        _("GovData erwartet mindestens ein Schlagwort."),
    ),
    "govdata.contributor": (
        _("Datenbereitsteller"),
        _("Der Datenbereitsteller steht in der Liste von GovData."),
        _("Der Datenbereitsteller fehlt. Die Stadt trägt ihn einmal für alle Datensätze ein."),
    ),
    "govdata.publisher": (
        _("Ein Herausgeber mit Namen"),
        _("Genau ein Herausgeber mit Namen ist angegeben."),
        _("GovData erwartet genau einen Herausgeber mit Namen."),
    ),
    "govdata.licence": (
        _("Eine Lizenz"),
        _("Jede Distribution hat genau eine Lizenz."),
        _("GovData erwartet genau eine Lizenz je Distribution."),
    ),
    "govdata.licence-listed": (
        _("Lizenz aus der Liste"),
        _("Jede Lizenz steht in der Liste von GovData."),
        _("GovData erwartet eine Lizenz aus seiner Liste."),
    ),
    "govdata.licence-open": (
        _("Offene Lizenz"),
        _("Die Lizenz ist offen: Jede und jeder darf die Daten für alles nutzen."),
        _("Die Lizenz schränkt die Nutzung ein. Wählen Sie eine offene, etwa die Datenlizenz Deutschland."),
    ),
    "house.description": (
        _("Beschreibung"),
        _("Die Beschreibung ist ausführlich genug."),
        _(
            "Beschreiben Sie in zwei, drei Sätzen, was die Daten zeigen, woher sie kommen und was ihnen fehlt."
        ),
    ),
    "house.title": (
        _("Titel ohne Jahr"),
        _("Der Titel nennt kein Jahr und bleibt richtig, wenn neue Daten kommen."),
        _("Der Titel nennt ein Jahr. Geben Sie es beim Zeitraum an, damit der Titel richtig bleibt."),
    ),
    "house.columns": (
        _("Spalten beschrieben"),
        _("Jede Spalte hat eine Überschrift oder eine Beschreibung."),
        _("Diese Spalten haben weder Überschrift noch Beschreibung: %(columns)s."),
    ),
    "house.units": (
        _("Einheiten genannt"),
        _("Jede Spalte mit Dezimalzahlen nennt ihre Einheit."),
        _("Diese Spalten nennen keine Einheit: %(columns)s."),
    ),
    "house.fresh": (
        _("So aktuell wie versprochen"),
        _("Die Daten sind so aktuell wie versprochen."),
        _("Die Daten sind älter als versprochen. Liefern Sie neue, oder ändern Sie die Häufigkeit."),
    ),
    "house.machine-readable": (
        _("Als Tabelle lesbar"),
        _("Programme können die Daten als Tabelle lesen."),
        _("Programme können die Daten nicht als Tabelle lesen."),
    ),
    "house.preview": (
        _("Vorschau"),
        _("Die Daten können auf der Seite des Datensatzes angesehen werden."),
        _("Die Daten können auf der Seite des Datensatzes nicht angesehen werden."),
    ),
    "house.persons": (
        _("Keine Angaben zu Personen"),
        _("Keine Spalte sieht aus, als enthielte sie Angaben zu Personen."),
        _(
            "Diese Spalten könnten Angaben zu Personen enthalten: %(columns)s. Prüfen Sie sie, oder lassen Sie sie weg."
        ),
    ),
}
