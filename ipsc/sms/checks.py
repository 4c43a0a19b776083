"""What `manage.py check` says of the settings for SMS, so that a wrong one is found before a patient waits in vain."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from ipsc.outbox.kinds import KINDS
from ipsc.sms import templates
from ipsc.sms.adapters import ADAPTERS


def check(**options) -> list[checks.CheckMessage]:
    """The adapter, its address, and each registered text."""
    if not settings.SMS_ADAPTER:
        return []
    found: list[checks.CheckMessage] = []
    if settings.SMS_ADAPTER not in ADAPTERS:
        found.append(_error(1, f"SMS_ADAPTER is {settings.SMS_ADAPTER!r}; set it to one of {', '.join(ADAPTERS)}."))
    if settings.SMS_ADAPTER == "http":
        if urlsplit(settings.SMS_HTTP_URL).scheme not in ("http", "https"):
            found.append(_error(2, "SMS_HTTP_URL has to be the whole address of the gateway, with https://."))
        if not settings.SMS_HTTP_ACCEPTED:
            words = "SMS_HTTP_ACCEPTED is empty: whatever the gateway answers with status 200 counts as sent."
            found.append(checks.Warning(words, id="ipsc.sms.W003"))
    try:
        registered = templates.registered_all()
    except ImproperlyConfigured as error:
        return [*found, _error(4, str(error))]
    if not registered:
        found.append(checks.Warning("SMS_TEMPLATES names no text: no SMS is sent at all.", id="ipsc.sms.W005"))
    return [*found, *(_error(6, words) for words in wrong(registered))]


def wrong(registered: dict[tuple[str, str], templates.Template]) -> list[str]:
    """What is wrong with the registered texts, each in a sentence."""
    told = []
    for (name, language), template in registered.items():
        where = f"SMS_TEMPLATES, {name} ({language})"
        kind = KINDS.get(name)
        if kind is None or not kind.variables:
            told.append(f"{where}: there is no such kind of SMS.")
            continue
        if language not in dict(settings.LANGUAGES):
            told.append(f"{where}: the site does not speak this language.")
        wanted = len(templates.VARIABLE.findall(template.text))
        if wanted != len(kind.variables):
            told.append(f"{where}: the text has {wanted} variables, and this kind fills {len(kind.variables)}.")
            continue
        try:
            templates.fill(template, ["x" * length for length in kind.variables])
        except templates.Unfit as error:
            told.append(f"{where}: with the longest variables, {error}")
    return told


def _error(number: int, words: str) -> checks.CheckMessage:
    return checks.Error(words, id=f"ipsc.sms.E{number:03}")
