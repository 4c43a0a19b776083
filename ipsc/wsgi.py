"""The WSGI entry point, for gunicorn and its like."""

import os
from collections.abc import Callable, Iterable
from email.message import Message

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipsc.settings")

READ = ("utf-8", "us-ascii")


def only_plain_charsets(serve: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Refuse a request whose Content-Type names a charset that no browser sends.

    Django decodes by it before any of its own error handling begins, and Python has codecs (base64, zip, idna) that
    fail there, or make text that no database takes.
    """

    def served(environ: dict, start_response: Callable) -> Iterable[bytes]:
        message = Message()
        message["Content-Type"] = environ.get("CONTENT_TYPE") or "text/plain"
        charset = str(message.get_param("charset", "utf-8") or "utf-8").lower()
        if charset in READ:
            return serve(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Please send text as UTF-8.\n"]

    return served


application = only_plain_charsets(get_wsgi_application())
