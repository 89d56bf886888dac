"""The forms in which other programs print matrices, one module a form."""
