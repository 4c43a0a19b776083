"""Logs in which nobody finds the key to a booking: the token of each link is left out of every line (rule M2)."""

import logging

from gunicorn import glogging

from ipsc.links import masked


class Masked(logging.Formatter):
    """Writes a line as another formatter would, with what it was given and its traceback, but without tokens."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class Gunicorn(glogging.Logger):
    """gunicorn's logs of errors and of requests, which name addresses and the pages that led there."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                form = handler.formatter
                handler.setFormatter(Masked(form._fmt, form.datefmt) if form else Masked())
