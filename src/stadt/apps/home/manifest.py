"""What the start page plugs in."""

from stadt.apps.home import views
from stadt.core.manifest import EVERYBODY, Manifest, Page

MANIFEST = Manifest(pages=(Page("start", "", views.start, permission=EVERYBODY),))
