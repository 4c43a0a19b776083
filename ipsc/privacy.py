"""The version of the consent text that a booking stores (rule P1).

Raise it whenever the words of `templates/includes/_consent.html`, of `templates/appointments/_call_back_consent.html`,
of `templates/courses/_consent.html` or of the privacy page change in substance.
"""

CONSENT_VERSION = "2026-11.5"
