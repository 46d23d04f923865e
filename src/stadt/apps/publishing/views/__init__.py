"""Pages of the publisher's workshop."""
