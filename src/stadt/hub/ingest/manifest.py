"""What the intake plugs in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.core.doors import Door
from stadt.core.manifest import Check, Job, Manifest, Menu, Metric, Mount, Page
from stadt.hub.ingest import endpoint, indicators, jobs, queries
from stadt.hub.ingest.rights import MANAGE, PUSH
from stadt.hub.ingest.verbs import SUBJECTS, VERBS
from stadt.hub.ingest.views import devices, profiles, sources

MANIFEST = Manifest(
    path="betrieb",
    pages=(
        Page("sources", "quellen/", sources.list_sources, "Datenquellen", menu=Menu.OPERATIONS, permission=MANAGE),
        Page("source_new", "quellen/neu/", sources.new_source, permission=MANAGE),
        Page("profiles", "quellen/profile/", profiles.list_profiles, "Geräteprofile", permission=MANAGE),
        Page("profile_new", "quellen/profile/neu/", profiles.new_profile, permission=MANAGE),
        Page("profile", "quellen/profile/<slug:key>/", profiles.edit_profile, permission=MANAGE),
        Page("replay", "quellen/profile/<slug:key>/neu-auswerten/", profiles.replay_profile, permission=MANAGE),
        Page("source", "quellen/<slug:slug>/", sources.show_source, permission=MANAGE),
        Page("source_edit", "quellen/<slug:slug>/bearbeiten/", sources.edit_source, permission=MANAGE),
        Page("token_issue", "quellen/<slug:slug>/token/", sources.issue_token, permission=MANAGE),
        Page(
            "token_revoke", "quellen/<slug:slug>/token/<int:token_id>/widerrufen/", sources.revoke_token,
            permission=MANAGE,
        ),
        Page("refusals", "quellen/<slug:slug>/abgewiesen/", sources.list_refusals, permission=MANAGE),
        Page("devices", "quellen/<slug:slug>/geraete/", devices.list_devices, permission=MANAGE),
        Page("device_new", "quellen/<slug:slug>/geraete/neu/", devices.new_device, permission=MANAGE),
        Page("device", "quellen/<slug:slug>/geraete/<int:device_id>/", devices.show_device, permission=MANAGE),
        Page(
            "device_edit", "quellen/<slug:slug>/geraete/<int:device_id>/bearbeiten/", devices.edit_device,
            permission=MANAGE,
        ),
    ),
    metrics=(
        Metric("stadt_ingest_messages", "Messages of a source by outcome", "gauge", queries.messages_by_source),
        Metric(
            "stadt_ingest_silence_seconds", "Time since a source's last message", "gauge",
            queries.seconds_since_message,
        ),
    ),
    doctor=(
        Check("ingest.silent_sources", _("Verstummte Datenquellen"), queries.check_silent_sources, watched=True),
    ),
    mounts=(Mount("/ingest/", endpoint.handle, reading=None, writing=PUSH, door=Door.INGEST),),
    indicators=indicators.ALL,
    verbs=VERBS,
    subjects=SUBJECTS,
    permissions=(MANAGE, PUSH),
    jobs=(Job("ingest.replay", jobs.replay), Job("ingest.forget", jobs.forget, every=timedelta(days=1))),
)  # fmt: skip
