"""Identity of the files."""

from stadt.core.application import Application


class Files(Application):
    """Photos and documents that people give to the city, checked, stripped and kept apart from the web."""

    name = "stadt.civic.files"
    label = "civic_files"
    title = "Dateien"
