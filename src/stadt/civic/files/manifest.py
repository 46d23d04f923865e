"""What the files plug in."""

from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.civic.files import jobs, queries, scanning, serving, storage
from stadt.civic.files.events import FileChanged
from stadt.civic.files.verbs import SUBJECTS, VERBS
from stadt.core.manifest import EVERYBODY, Check, Job, KeptFolder, Manifest, Page


def check_scanner() -> str | None:
    """A scanner that is set up and does not answer lets documents wait."""
    found = scanning.scanner()
    if isinstance(found, scanning.Clamd) and not found.answers():
        return gettext(
            "Der Virenscanner antwortet nicht: PDF und Dokumente warten, bis STADT_CLAMD erreichbar ist."
        )
    return None


MANIFEST = Manifest(
    path="dateien",
    pages=(Page("file", "<str:key>/<str:size>", serving.show_file, permission=EVERYBODY),),
    publishes=(FileChanged,),
    verbs=VERBS,
    subjects=SUBJECTS,
    jobs=(
        Job("files.sweep", run=jobs.sweep, every=timedelta(hours=1)),
        Job("files.scan", run=jobs.scan, every=timedelta(minutes=5)),
    ),
    doctor=(Check("files.scanner", _("Virenscanner"), check_scanner, watched=True),),
    kept=(KeptFolder(storage.FOLDER, queries.list_kept),),
)
