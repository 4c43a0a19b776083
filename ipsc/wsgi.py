"""The WSGI entry point, for gunicorn and its like."""

import os
from collections.abc import Callable, Iterable

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipsc.settings")

READ = ("utf-8", "us-ascii")


def only_plain_charsets(serve: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Refuse a request whose Content-Type names a charset that no browser sends.

    Django decodes by it before any of its own error handling begins, and Python has codecs (base64, zip, idna) that
    fail there, or make text that no database takes.
    """

    def served(environ: dict, start_response: Callable) -> Iterable[bytes]:
        try:
            # By Django's own reader: of a parameter that stands there twice, it must be the same one.
            _kind, parameters = parse_header_parameters(environ.get("CONTENT_TYPE") or "")
        except ValueError:
            parameters = {"charset": "unreadable"}
        if (parameters.get("charset") or READ[0]).lower() in READ:
            return serve(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Please send text as UTF-8.\n"]

    return served


application = only_plain_charsets(get_wsgi_application())
