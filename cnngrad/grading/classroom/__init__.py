"""A whole class: who handed in what, marked, shared out, reported."""
