"""Every write of an operator: sources with their tokens, device profiles, devices, and reading messages again."""

from stadt.hub.ingest.services.devices import DeviceDraft, add_device, change_device
from stadt.hub.ingest.services.profiles import (
    ProfileDraft,
    RowDraft,
    change_profile,
    create_profile,
    find_profile_errors,
)
from stadt.hub.ingest.services.replays import request_replay
from stadt.hub.ingest.services.sources import (
    change_source,
    create_source,
    issue_source_token,
    remove_source,
    revoke_source_token,
)

__all__ = [
    "DeviceDraft",
    "ProfileDraft",
    "RowDraft",
    "add_device",
    "change_device",
    "change_profile",
    "change_source",
    "create_profile",
    "create_source",
    "find_profile_errors",
    "issue_source_token",
    "remove_source",
    "request_replay",
    "revoke_source_token",
]
