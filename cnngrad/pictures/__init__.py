"""What a step looks like, before any face draws it."""
