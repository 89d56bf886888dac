"""Flatten: images become rows."""
