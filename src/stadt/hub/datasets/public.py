"""The door to what everybody may read."""

from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.services import get_dataset


def get_public(key: str) -> Dataset:
    """A dataset that everybody may read. Raises NotFound, also for one that only some may."""
    dataset = get_dataset(key)
    if not dataset.is_public:
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})
    return dataset
