"""Diagnosis: what a wrong number says of the mistake behind it."""
