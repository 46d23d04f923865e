"""What core itself plugs in."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext_noop

from stadt.core import events, health, mail_queue, privacy, runs, sealing, shared_values, traffic
from stadt.core.identity.checks import check_providers
from stadt.core.identity.providers import problems
from stadt.core.lifespan import at_web_process
from stadt.core.manifest import EVERYBODY, Check, Job, Manifest, Mount, Privacy, Severity
from stadt.core.people.events import SecondFactorReset
from stadt.core.people.reach import MANAGE_PEOPLE
from stadt.core.people.rights import ANSWER_FOR_PERSONS, MANAGE_SIGN_IN
from stadt.core.people.services import forget_invitations
from stadt.core.people.sessions import forget_old_sessions
from stadt.core.people.verbs import SUBJECTS, VERBS
from stadt.core.tokens import MANAGE_TOKENS


def _watched(key: str, title: str, run: Callable[[], str | None], days: int) -> Check:
    return Check(key, title, run, watched=True, every=timedelta(days=days), severity=Severity.DANGER)


MANIFEST = Manifest(
    mounts=(
        Mount("/health/", health.handle_health, reading=EVERYBODY, writing=None),
        Mount("/metrics", health.handle_metrics, reading=health.READ_METRICS, writing=None),
    ),
    permissions=(ANSWER_FOR_PERSONS, MANAGE_PEOPLE, MANAGE_SIGN_IN, MANAGE_TOKENS, health.READ_METRICS),
    publishes=(SecondFactorReset,),
    jobs=(
        Job("core.deliver_event", run=events.deliver),
        Job(
            mail_queue.JOB, run=mail_queue.deliver, pauses=mail_queue.PAUSES, final=(mail_queue.MailRefused,)
        ),
        Job("core.forget_failed_mail", run=mail_queue.forget_failed, every=timedelta(days=1)),
        Job("core.seal_audit", run=sealing.seal_and_witness, every=timedelta(minutes=1)),
        Job("core.forget_shared_values", run=shared_values.forget_expired, every=timedelta(minutes=10)),
        Job("core.forget_runs", run=runs.forget, every=timedelta(days=1)),
        Job("core.forget_traffic", run=traffic.forget, every=timedelta(days=1)),
        Job("core.forget_invitations", run=forget_invitations, every=timedelta(days=1)),
        Job("core.forget_sessions", run=forget_old_sessions, every=timedelta(days=1)),
    ),
    verbs=VERBS,
    subjects=SUBJECTS,
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    checks=(problems,),
    doctor=(
        Check(
            "core.identity_providers",
            gettext_noop("Anmeldedienste"),
            check_providers,
            watched=True,
            every=timedelta(hours=1),
        ),
        # Daily what is new; weekly all of it, which takes longer with each row.
        _watched("core.audit_chain", gettext_noop("Kette der Protokollzeilen"), sealing.check_chain, 7),
        _watched("core.audit_news", gettext_noop("Neue Protokollzeilen"), sealing.check_new_links, 1),
    ),
)

at_web_process(start=traffic.start, stop=traffic.stop)
