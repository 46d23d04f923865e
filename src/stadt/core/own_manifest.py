"""What core itself plugs in."""

from datetime import timedelta

from django.utils.translation import gettext_noop

from stadt.core import events, health, sealing
from stadt.core.manifest import Check, Job, Manifest, Mount
from stadt.core.people.services import MANAGE_PEOPLE
from stadt.core.tokens import MANAGE_TOKENS

MANIFEST = Manifest(
    mounts=(Mount("/health/", health.handle_health), Mount("/metrics", health.handle_metrics)),
    permissions=(MANAGE_PEOPLE, MANAGE_TOKENS, health.READ_METRICS),
    jobs=(
        Job("core.deliver_event", run=events.deliver),
        Job("core.seal_audit", run=sealing.seal, every=timedelta(minutes=1)),
    ),
    doctor=(Check("core.audit_chain", gettext_noop("Kette der Protokollzeilen"), sealing.check_chain),),
)
