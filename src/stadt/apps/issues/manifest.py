"""What this app plugs in: the report flow (`reporting`) and what everybody sees (`shown`)."""

from stadt.apps.issues.reporting.pages import PAGES as REPORTING
from stadt.apps.issues.shown.pages import PAGES as SHOWN
from stadt.core.manifest import Manifest

MANIFEST = Manifest(
    path="melden",
    pages=(*REPORTING, *SHOWN),  # the words of the flow stand before the references of reports
)
