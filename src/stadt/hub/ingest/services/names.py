"""What the names of the intake may look like."""

import re

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\Z")
PATH = re.compile(r"[^.\s\x00][^.\x00]*(?:\.[^.\x00]+)*\Z")
DEVICE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
