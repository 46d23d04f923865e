"""Everything that the services plug in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.services import checks, jobs, left_open, offers
from stadt.apps.services.services import LINK_JOB
from stadt.apps.services.verbs import VERBS
from stadt.apps.services.views import case, links, overview, own, reaching, wizard
from stadt.civic.cases.rights import MANAGE
from stadt.core.manifest import (
    ACCOUNT,
    EVERYBODY,
    LINK,
    Check,
    Job,
    Manifest,
    Menu,
    Page,
    SearchSource,
    Severity,
)

MANIFEST = Manifest(
    path="dienste",
    takes_files=True,
    pages=(
        Page("overview", "", overview.overview, _("Dienste der Stadt"), Menu.SERVICES, permission=EVERYBODY, order=30),
        Page("own", "meine/", own.list_own, _("Meine Vorgänge"), Menu.SERVICES, permission=ACCOUNT, order=40),
        Page("own_draft", "meine/entwurf/<int:pk>/", own.open_draft, permission=ACCOUNT),
        Page("own_case", "meine/<str:reference>/", own.open_case, permission=ACCOUNT),
        Page("new_link", "neuer-link/", links.new_link, permission=EVERYBODY),
        Page("case_by_link", "vorgang/<str:secret>/", case.show_case, permission=LINK),
        Page("left_open", "offen/", overview.left_open, _("Offene Texte der Dienste"), Menu.OPERATIONS, permission=MANAGE),
        Page("confirm_address", "email/<str:secret>/", reaching.confirm, permission=LINK),
        Page("receipt", "vorgang/<str:secret>/beleg/", case.show_receipt, permission=LINK),
        Page("receipt_file", "vorgang/<str:secret>/beleg.html", case.download_receipt, permission=LINK),
        Page("own_data", "vorgang/<str:secret>/daten.json", case.download, permission=LINK),
        Page("service", "<slug:slug>/", wizard.start, permission=EVERYBODY),
        Page("draft", "<slug:slug>/antrag/<str:secret>/", wizard.draft, permission=LINK),
        Page("step", "<slug:slug>/antrag/<str:secret>/<slug:key>/", wizard.step, permission=LINK),
    ),
    search=(SearchSource("services", _("Dienste"), offers.find_services),),
    checks=(checks.check_services,),
    doctor=(Check("services.open_texts", _("Offene Texte der Dienste"), left_open.check_open_texts, severity=Severity.ADVICE),),
    jobs=(Job(LINK_JOB, run=jobs.send_link),),
    verbs=VERBS,
)  # fmt: skip
