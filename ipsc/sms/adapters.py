"""How a text reaches a gateway: one small interface, and the adapters that the setting SMS_ADAPTER chooses from."""

import json
import logging
import re
import time
from typing import Any, Protocol

import urllib3
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from ipsc.outbox.problems import Refused, TryAgain, Unclear

log = logging.getLogger("ipsc.sms")

CONNECT, READ, TOTAL = 5.0, 10.0, 20.0  # seconds
LONGEST_ANSWER = 64 * 1024


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


class Console:
    """Sends nothing, and says in the log that it would have; for development."""

    def send(self, *, to: str, text: str, template_id: str, key: str) -> str:
        # Neither number nor token: logs are read by more people than patients have chosen.
        log.info("SMS to …%s: %d characters, template %s", to[-3:], len(text), template_id or "none")
        return "console"


def new_pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=CONNECT, read=READ))


class Http:
    """Posts a form or JSON to the address of a gateway, with fields as the settings name them.

    A text counts as taken only if the answer has a status of 2xx and looks as SMS_HTTP_ACCEPTED says: many gateways
    answer 200 to everything.
    """

    # Neither a redirect nor a second try of its own: each attempt is one attempt.
    pool = new_pool()

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
        if status == 200 or 200 < status < 300:
            return _receipt(answer)
        told = f"The gateway answered {status}: {' '.join(answer.split())[:200]}"
        if status in (408, 425, 429) or status >= 500:
            raise TryAgain(told)
        raise Refused(told)

    def _post(self, fields: dict) -> tuple[int, str]:
        is_json = settings.SMS_HTTP_FORMAT == "json"
        body = json.dumps(fields).encode() if is_json else None
        options: dict[str, Any] = {"body": body} if is_json else {"fields": fields, "encode_multipart": False}
        headers = dict(settings.SMS_HTTP_HEADERS) | ({"Content-Type": "application/json"} if is_json else {})
        deadline = time.monotonic() + TOTAL
        try:
            response = self.pool.request(
                "POST", settings.SMS_HTTP_URL, headers=headers, preload_content=False, redirect=False, **options
            )
            try:
                return response.status, _read(response, deadline)
            finally:
                # Not back into the pool: what was not read to the end must not be the next answer.
                response.close()
        except (NewConnectionError, ConnectTimeoutError, urllib3.exceptions.SSLError) as error:
            raise TryAgain(f"{type(error).__name__}: the gateway could not be reached.") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unclear(f"{type(error).__name__}: the gateway did not answer. The text may have arrived.") from error


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> str:
    """What the gateway says, as far as it says it in time: a drop a second is no answer."""
    found = b""
    while chunk := response.read1(4096):
        found += chunk
        if len(found) > LONGEST_ANSWER:
            raise Unclear("The gateway's answer does not end. The text may have arrived.")
        if time.monotonic() > deadline:
            raise Unclear("The gateway's answer took too long. The text may have arrived.")
    return found.decode("utf-8", errors="replace")


def _filled(value: object, values: dict[str, str]) -> object:
    """A field of the settings with {to}, {text} and the like filled in; the text itself is never looked through."""
    if not isinstance(value, str):
        return value
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), value)


def _receipt(answer: str) -> str:
    found = re.search(settings.SMS_HTTP_ACCEPTED, answer)
    if not found:
        told = " ".join(answer.split())[:200]
        raise Unclear(f"The gateway's answer is not one of success, but the text may have arrived: {told}")
    return (found[1] if found.groups() else "")[:200]


ADAPTERS: dict[str, type[Adapter]] = {"console": Console, "http": Http}
