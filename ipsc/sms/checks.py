"""What `manage.py check` says of the SMS settings: faults that carriers and gateways would only answer with silence."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import reverse
from django.utils import translation

from ipsc.outbox.kinds import KINDS, Kind
from ipsc.sms import adapters, templates

PLACEHOLDER = re.compile(r"\{(\w+)\}")
FORMATS = ("form", "json")


@register
def check_sms(**_options: Any) -> list[CheckMessage]:
    """Adapter, gateway and registered texts, as the settings have them."""
    return [*_adapter(), *_registry()]


def _adapter() -> Iterator[CheckMessage]:
    name = settings.SMS_ADAPTER
    if name and name not in adapters.ADAPTERS:
        yield Error(f"SMS_ADAPTER is {name!r}.", hint=f"One of: {', '.join(adapters.ADAPTERS)}.", id="ipsc.E001")
    if name == "http":
        yield from _gateway()
    if name and not settings.SMS_TEMPLATES:
        yield Warning(
            "There is an SMS adapter, but no registered text: no SMS goes out.",
            hint="Let SMS_TEMPLATES name a file such as docs/sms-templates.example.json.",
            id="ipsc.W001",
        )


def _gateway() -> Iterator[CheckMessage]:
    url, fields = settings.SMS_HTTP_URL, settings.SMS_HTTP_FIELDS
    if not url.startswith(("https://", "http://")):
        yield Error("SMS_HTTP_URL is no address of a gateway.", hint="It begins with https://.", id="ipsc.E002")
    elif url.startswith("http://"):
        yield Warning(
            "SMS_HTTP_URL begins with http://: credentials and numbers can be read on the way.", id="ipsc.W002"
        )
    if settings.SMS_HTTP_FORMAT not in FORMATS:
        yield Error(f"SMS_HTTP_FORMAT is {settings.SMS_HTTP_FORMAT!r}.", hint="It is form or json.", id="ipsc.E003")
    if not isinstance(fields, dict) or not isinstance(settings.SMS_HTTP_HEADERS, dict):
        yield Error('SMS_HTTP_FIELDS and SMS_HTTP_HEADERS are JSON objects: {"name": "value"}.', id="ipsc.E004")
        return
    named = {name for text in adapters.texts_in(fields) for name in PLACEHOLDER.findall(text)}
    for name in sorted(named - set(adapters.PLACEHOLDERS)):
        known = ", ".join(f"{{{each}}}" for each in adapters.PLACEHOLDERS)
        yield Error(f"SMS_HTTP_FIELDS: nothing is known as {{{name}}}.", hint=f"There are {known}.", id="ipsc.E005")
    if "text" not in named or not named & {"to", "number"}:
        yield Error("SMS_HTTP_FIELDS has no place for {text}, or none for {number} or {to}.", id="ipsc.E006")
    yield from _accepted()


def _accepted() -> Iterator[CheckMessage]:
    try:
        re.compile(settings.SMS_HTTP_ACCEPTED)
    except re.error as error:
        yield Error(f"SMS_HTTP_ACCEPTED is no regular expression: {error}.", id="ipsc.E007")
    if not settings.SMS_HTTP_ACCEPTED:
        yield Warning(
            "SMS_HTTP_ACCEPTED is not set: any answer of 2xx counts as success, and many gateways give 200 for faults.",
            id="ipsc.W003",
        )


def _registry() -> Iterator[CheckMessage]:
    if not settings.SMS_TEMPLATES:
        return
    found = templates.registry()
    for problem in found.problems:
        yield Warning(f"SMS_TEMPLATES: {problem}", id="ipsc.W011")
    for (name, language), template in found.templates.items():
        for problem in problems_of(name, language, template):
            yield Warning(f"SMS_TEMPLATES: {name} ({language}): {problem}", id="ipsc.W012")
    for kind in KINDS.values():
        missing = [code for code, _name in settings.LANGUAGES if (kind.name, code) not in found.templates]
        if kind.variables and missing:
            yield Warning(
                f"SMS_TEMPLATES: nothing is registered for {kind.name} ({', '.join(missing)}).",
                hint="Patients who chose that language are not promised an SMS of this kind, and get none.",
                id="ipsc.W010",
            )


def problems_of(name: str, language: str, template: templates.Template) -> Iterator[str]:
    """What is wrong with a registration, in words for whoever set it up."""
    kind = KINDS.get(name)
    if kind is None or not kind.variables:
        known = ", ".join(each.name for each in KINDS.values() if each.variables)
        yield f"there is no such kind of SMS. There are {known}."
        return
    if language not in dict(settings.LANGUAGES):
        yield f"the site has no such language. It has {', '.join(dict(settings.LANGUAGES))}."
        return
    wanted = len(kind.variables)
    if template.variables != wanted:
        told = ", ".join(f"{{{number}}} {each}" for number, each in enumerate(kind.variables, 1))
        yield f"the text has {template.variables} variables; this kind has {wanted}: {told}."
        return
    shortest = templates.parts(templates.VARIABLE.sub("x", template.text))
    if shortest > templates.MOST_PARTS:
        yield f"the text alone takes {shortest} parts; at most {templates.MOST_PARTS} are sent."
    if (address := link(kind, language)) and address not in template.text:
        yield f"the link has to stand in it as {address}, or it leads nowhere."


def link(kind: Kind, language: str) -> str:
    """The link as a registered text has to have it, up to its question mark and variable; nothing without one."""
    if "token" not in kind.variables:
        return ""
    with translation.override(language):
        path = reverse("short")
    return f"{settings.SITE_URL.rstrip('/')}{path}?{{{kind.variables.index('token') + 1}}}"
