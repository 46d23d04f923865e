"""What changes, told as it happens: streams of server-sent events over the feed of changes."""
