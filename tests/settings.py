"""Settings of the test suite: demonstration mode, on a cluster of its own.

A settings module and not a fixture, because pytest-django reads the settings before any conftest.py.
"""

import os

os.environ.setdefault("IPSC_MODE", "demonstration")
os.environ.setdefault("SECRET_KEY", "not a secret: it signs what tests make and nothing else")

from ipsc.settings import *  # noqa: F403 – the mode has to be set first
from ipsc.settings import DATABASES, STORAGES, VAR_DIR

if DATABASES["default"]["ENGINE"] == "ipsc.embedded":
    # Never the folder that `manage.py run` uses, and fast: these data may go with a crash of the machine.
    DATABASES["default"] |= {"EMBEDDED_DIR": VAR_DIR / "test-postgres", "EMBEDDED_FSYNC": False}

# What one test has seen is no fact for the next.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Plain names, found where they stand: nothing has to be collected before a page can be rendered.
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
