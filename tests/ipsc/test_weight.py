"""What a first view costs a patient on a mobile connection."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.people import make_clinic

BUDGET = 40 * 1024


@pytest.fixture
def served(settings, tmp_path, db):
    """The site with its static files as they are in production: collected, named by content and compressed."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)
    return make_clinic()


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
