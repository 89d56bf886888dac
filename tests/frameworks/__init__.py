"""Profiles held against the frameworks themselves: `python -m tests.frameworks`."""
