"""Homework: an answer compared with the truth, and what went wrong in it."""

from .check import Marker as Marker
from .check import check as check
from .verdict import Verdict as Verdict
