"""How a text reaches a gateway: one small interface, and the adapters that the setting SMS_ADAPTER chooses from."""

import json
import logging
import re
import time
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import urllib3
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from urllib3.exceptions import ConnectTimeoutError, LocationValueError, NewConnectionError, SSLError

from ipsc.outbox.problems import Refused, TryAgain, Unclear

log = logging.getLogger("ipsc.sms")

CONNECT, READ, TOTAL = 5.0, 10.0, 20.0  # seconds
LONGEST_ANSWER = 64 * 1024
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# What a gateway says of one text and not of our account, address or haste: the next attempt would fail like this one.
FOR_EVER = (400, 413, 422)
# What the fields of the settings can name.
PLACEHOLDERS = ("to", "number", "text", "template_id", "sender", "key")
# Nothing has left the machine.
NOT_REACHED = (NewConnectionError, ConnectTimeoutError, SSLError, LocationValueError)
MAYBE = "The text may have arrived."
SHORTEST_SECRET = 4  # characters: what is shorter stands in every answer


class Adapter(Protocol):
    def send(self, *, to: str, text: str, template_id: str, key: str) -> str:
        """Hand a text for a number (E.164) to the gateway; return its receipt, which may be empty.

        `key` names the message: a gateway that knows it drops the second copy.

        :raises TryAgain: later may do.
        :raises Unclear: the gateway may have taken it, or not.
        :raises Refused: nothing will do.
        """
        ...


def adapter() -> Adapter | None:
    """The adapter that the settings choose, or None: no SMS is sent.

    :raises ImproperlyConfigured: there is none of that name.
    """
    if not settings.SMS_ADAPTER:
        return None
    if settings.SMS_ADAPTER not in ADAPTERS:
        raise ImproperlyConfigured(f"SMS_ADAPTER is {settings.SMS_ADAPTER!r}; set it to one of {', '.join(ADAPTERS)}.")
    return ADAPTERS[settings.SMS_ADAPTER]()


def is_set_up() -> bool:
    """Whether the adapter of the settings could send anything."""
    if settings.SMS_ADAPTER == "http":
        return settings.SMS_HTTP_URL.startswith(("http://", "https://"))
    return settings.SMS_ADAPTER in ADAPTERS


class Console:
    """Sends nothing, and says in the log that it would have; for development."""

    def send(self, *, to: str, text: str, template_id: str, key: str) -> str:
        # Neither number nor token: logs are read by more people than patients have chosen.
        log.info("SMS to …%s: %d characters, template %s", to[-3:], len(text), template_id or "none")
        return "console"


class Http:
    """Posts a form or JSON to the address of a gateway, with fields as the settings name them.

    A text counts as taken only if the answer has a status of 2xx and looks as SMS_HTTP_ACCEPTED says: many gateways
    answer 200 to everything.
    """

    # Neither a redirect nor a second try of its own: each attempt is one attempt.
    pool = urllib3.PoolManager(retries=False)

    def send(self, *, to: str, text: str, template_id: str, key: str) -> str:
        values = {
            "to": to,
            "number": to.removeprefix("+"),
            "text": text,
            "template_id": template_id,
            "sender": settings.SMS_SENDER,
            "key": key,
        }
        fields = {name: _filled(value, values) for name, value in settings.SMS_HTTP_FIELDS.items()}
        status, answer = self._post(fields)
        if 200 <= status < 300:
            return _receipt(answer, text)
        told = f"The gateway answered {status}: {_told(answer, text)}"
        # A wrong password or address is mended within the day, and then everything that waited goes out.
        raise (Refused if status in FOR_EVER else TryAgain)(told)

    def _post(self, fields: dict) -> tuple[int, str]:
        is_json = settings.SMS_HTTP_FORMAT == "json"
        body = json.dumps(fields) if is_json else urlencode(fields)
        headers = dict(settings.SMS_HTTP_HEADERS) | {"Content-Type": JSON if is_json else FORM}
        deadline = time.monotonic() + TOTAL
        try:
            response = self.pool.request(
                "POST",
                settings.SMS_HTTP_URL,
                body=body.encode(),
                headers=headers,
                timeout=urllib3.Timeout(connect=CONNECT, read=READ),
                preload_content=False,
                redirect=False,
            )
            try:
                return response.status, _read(response, deadline)
            finally:
                # Not back into the pool: what was not read to the end must not be the next answer.
                response.close()
        except NOT_REACHED as error:
            raise TryAgain(f"{type(error).__name__}: the gateway could not be reached.") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unclear(f"{type(error).__name__}: the gateway did not answer. {MAYBE}") from error


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> str:
    """What the gateway says, as far as it says it in time: a drop a second is no answer."""
    found = b""
    while chunk := response.read1(4096):
        found += chunk
        if len(found) > LONGEST_ANSWER:
            raise Unclear(f"The gateway's answer does not end. {MAYBE}")
        if time.monotonic() > deadline:
            raise Unclear(f"The gateway's answer took too long. {MAYBE}")
    return found.decode("utf-8", errors="replace")


def _filled(value: object, values: dict[str, str]) -> object:
    """A field of the settings with {to}, {text} and the like filled in; the text itself is never looked through."""
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    if isinstance(value, dict):
        return {name: _filled(each, values) for name, each in value.items()}
    if not isinstance(value, str):
        return value
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), value)


def _receipt(answer: str, text: str) -> str:
    found = re.search(settings.SMS_HTTP_ACCEPTED, answer)
    if not found:
        raise Unclear(f"The gateway's answer is not one of success: {_told(answer, text)}. {MAYBE}")
    return " ".join((found[1] or "").split())[:200] if found.groups() else ""


def _told(answer: str, text: str) -> str:
    """The beginning of an answer for staff, without what a gateway may repeat of our credentials or of the text."""
    for secret in sorted({*_secrets(), text}, key=len, reverse=True):
        answer = answer.replace(secret, "…")
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(answer.split()))[:200]


def _secrets() -> set[str]:
    """What the settings add to each request: headers, fields that are the same for each text, the query."""
    address = urlsplit(settings.SMS_HTTP_URL)
    fixed = [value for value in texts_in(settings.SMS_HTTP_FIELDS) if "{" not in value]
    # "Bearer secret" is a secret by its last word too.
    headers = [word for value in settings.SMS_HTTP_HEADERS.values() for word in (value, value.split(" ")[-1])]
    query = [value for _name, value in parse_qsl(address.query)]
    return {each for each in (*fixed, *headers, *query, address.query) if len(each) >= SHORTEST_SECRET}


def texts_in(value: object) -> Iterator[str]:
    """Each text in a field, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_in(each)


ADAPTERS: dict[str, type[Adapter]] = {"console": Console, "http": Http}
