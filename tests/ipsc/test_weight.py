"""What a first view costs a patient on a mobile connection."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from tests.people import make_clinic

BUDGET = 40 * 1024


PRODUCTION_FILES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """The static files as production serves them: named by content and compressed. Compressing takes seconds."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root, STORAGES=settings.STORAGES | PRODUCTION_FILES):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture
def served(collected, db):
    storages = settings.STORAGES | PRODUCTION_FILES
    with override_settings(
        STATIC_ROOT=collected, STORAGES=storages, WHITENOISE_AUTOREFRESH=False, WHITENOISE_USE_FINDERS=False
    ):
        yield make_clinic()


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/hi"])
@pytest.mark.parametrize("page", ["home", "urgent", "service", "times"])
def test_it_weighs_at_most_40_kb_on_first_view(served, prefix, page):
    args = [served.service.public_id] if page == "times" else []
    url = prefix + reverse(page if page == "home" else f"appointments:{page}", args=args)
    client = Client(headers={"accept-encoding": "br, gzip"})
    response = client.get(url)
    assert response.headers["Content-Encoding"] == "gzip"
    plain = Client().get(url).text
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', plain))
    assert any("bootstrap" in part for part in parts)
    weights = {url: len(response.content)}
    for part in parts:
        answer = client.get(part)
        assert answer.status_code == 200
        weights[part] = len(b"".join(answer.streaming_content))
        answer.close()
    assert sum(weights.values()) <= BUDGET, weights
