#!/usr/bin/env python
"""Django's command line for the IPSC site."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipsc.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        # One line that says what to set helps an operator more than a traceback.
        sys.exit(f"IPSC cannot start: {problem}")


if __name__ == "__main__":
    main()
