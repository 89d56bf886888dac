"""Homework: an answer compared with the truth, and what went wrong in it."""

from .marker import Marker as Marker
from .marker import check as check
from .verdict import Verdict as Verdict
