"""What every floor needs: manifests, registry, events, errors, people, jobs, audit. Renders nothing."""
