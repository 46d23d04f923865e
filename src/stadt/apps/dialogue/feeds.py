"""News of a topic as an Atom feed."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.dialogue import wording
from stadt.apps.dialogue.models import News
from stadt.apps.dialogue.topics import WHOLE, Topic
from stadt.core.city import current
from stadt.web import atom

LENGTH = 100


def address_of(code: str) -> str:
    """The feed's path."""
    return reverse("dialogue:feed") if code == WHOLE else reverse("dialogue:topic_feed", args=[code])


def render_feed(topic: Topic, news: Sequence[News]) -> bytes:
    """The feed, newest first. An entry's id stays, so that a reader tells each once."""
    base = settings.STADT.url
    title = {"city": current().name, "topic": topic.heading}
    return atom.render_feed(
        atom.Feed(
            base + address_of(topic.code),
            gettext("Strategie %(city)s: %(topic)s") % title,
            base + topic.url,
            current().name,
            [_entry(item) for item in news],
        )
    )


def _entry(item: News) -> atom.Entry:
    base = settings.STADT.url
    said = wording.sentence(item)
    return atom.Entry(
        f"{base}{reverse('dialogue:feed')}#{item.key}",
        wording.heading(item),
        item.happened_at,
        base + item.path,
        summary=f"{said} ({gettext('simuliert')})" if item.is_simulated else said,
        category=(item.kind, wording.kind_word(item)),
    )
