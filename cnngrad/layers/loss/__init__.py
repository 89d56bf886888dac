"""Losses, and the error at the output of a network."""
