"""What the messages plug in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.civic.messages import jobs, panels, privacy, views
from stadt.civic.messages.services.subscriptions import SEND_JOB
from stadt.civic.messages.verbs import SUBJECTS, VERBS
from stadt.core.manifest import ACCOUNT, LINK, Job, Manifest, Page, Panel, Privacy

MANIFEST = Manifest(
    path="postfach",
    pages=(
        Page("inbox", "", views.inbox, _("Postfach"), permission=ACCOUNT),
        Page("thread", "<int:pk>/", views.thread, permission=ACCOUNT),
        Page("leave_own", "abos/<int:pk>/", views.leave_own, permission=ACCOUNT),
        Page("subscription", "abo/<str:secret>/", views.subscription, permission=LINK),
        Page("one_click", "abo/<str:secret>/ende/", views.one_click, permission=LINK),
    ),
    verbs=VERBS,
    subjects=SUBJECTS,
    jobs=(
        Job(SEND_JOB, run=jobs.send, every=timedelta(minutes=30)),
        Job("messages.follow", run=jobs.follow, every=timedelta(minutes=5)),
        Job("messages.forget", run=jobs.forget, every=timedelta(days=1)),
    ),
    panels=(Panel("account.doors", "civic_messages/door.html", panels.inbox_door, order=5),),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
)
