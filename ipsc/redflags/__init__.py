"""Reads what patients type for signs that cannot wait (rule F2). Pure: no models, no clock, no request."""

from ipsc.redflags.detector import MOST_TEXT, Hit, find
from ipsc.redflags.lines import MOST_LINES, problems
from ipsc.redflags.words import DEFAULTS, NEGATIONS, SIGNS

__all__ = ["DEFAULTS", "MOST_LINES", "MOST_TEXT", "NEGATIONS", "SIGNS", "Hit", "find", "problems"]
