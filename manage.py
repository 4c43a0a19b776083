#!/usr/bin/env python
"""Django's command line for the IPSC site."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    # Before anything that an older Python cannot read; this file itself stays readable to it.
    sys.exit("IPSC needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipsc.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from ipsc.serving.environment import CannotServe, prepare

    try:
        if sys.argv[1:2] == ["run"]:
            # Before the settings are read.
            prepare(mode="development" if "--autoreload" in sys.argv else "demonstration")
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, CannotServe) as problem:
        # One line that says what to set helps an operator more than a traceback.
        sys.exit(f"IPSC cannot start: {problem}")


if __name__ == "__main__":
    main()
