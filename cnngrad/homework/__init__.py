"""Homework: an answer compared with the truth, and what went wrong in it."""

from .check import Marker as Marker
from .check import Verdict as Verdict
from .check import check as check
