"""A shown operation as a few lines of code that run and give the same numbers."""
