"""The publisher's workshop: datasets that offices upload, describe, check and publish."""
