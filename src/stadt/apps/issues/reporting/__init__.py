"""The report flow: by photo, by place or by category, with the same verb behind every door."""
