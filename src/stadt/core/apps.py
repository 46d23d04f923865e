"""Identity of core."""

from stadt.core.application import Application


class Core(Application):
    """Manifest, registry, people, jobs, audit."""

    name = "stadt.core"
    label = "core"
    title = "Grundlagen"
    manifest_module = "own_manifest"  # manifest.py defines what a manifest is
