"""What a city kept of the reports that came in while its processes were killed. Prints it as JSON.

Run as a module from the checkout, with the city's STADT_HOME. It sweeps first, as the nightly job does, without its hour
of patience: nothing is being written any more.
"""

import json
import os
from collections import Counter
from datetime import timedelta

import django


def look() -> dict[str, object]:
    """How often each text is there, and what is half: of cases, of files on the disk, of rows without bytes."""
    from stadt.civic.cases.models import Case
    from stadt.civic.files import storage
    from stadt.civic.files.models import StoredCopy, StoredFile
    from stadt.civic.files.services import sweep
    from stadt.civic.messages.models import Message
    from stadt.core.people.actor import Actor

    storage.LEFT_OVER = timedelta(0)
    sweep(Actor.system("test"))
    copies = set(StoredCopy.objects.values_list("path", flat=True))
    on_disk = {
        place.relative_to(storage.folder()).as_posix()
        for place in storage.folder().rglob("*")
        if place.is_file()
    }
    photos = Counter(StoredFile.objects.exclude(subject="").values_list("subject", flat=True))
    letters = Counter(Message.objects.values_list("thread__subject", flat=True))
    cases = list(Case.objects.all())
    return {
        "texts": Counter(case.text for case in cases),
        "not one photo": [case.text for case in cases if photos[case.subject] != 1],
        "not one message": [case.text for case in cases if letters[case.subject] != 1],
        "no reporter": [case.text for case in cases if case.parties.count() != 1],
        "bytes without a row": sorted(on_disk - copies),
        "rows without bytes": sorted(copies - on_disk),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    print(json.dumps(look()))
