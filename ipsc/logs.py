"""Lines of the log, without the secret part of any link (rule M2): logs are read by more people than patients chose."""

import logging

from ipsc.links import masked


class Masking(logging.Formatter):
    """Masks the line as it is written, whatever put the address into it: Django's words of a refusal, a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
