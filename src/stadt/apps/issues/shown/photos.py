"""The photos of reports that a person released, for the projection."""

from collections.abc import Sequence

from stadt.apps.issues.shown.mapping import Photo
from stadt.civic.cases.models import Case
from stadt.civic.files.models import Kind
from stadt.civic.files.queries import files_of_many


def photos_of(cases: Sequence[Case]) -> dict[int, list[Photo]]:
    """Case id → its released photos, oldest first. One query for all."""
    found = files_of_many([case.subject for case in cases], public_only=True)
    return {
        case.pk: [
            Photo(item.key, item.role, item.width or 0, item.height or 0, is_published=item.is_published)
            for item in found[case.subject]
            if item.kind == Kind.PHOTO
        ]
        for case in cases
    }
