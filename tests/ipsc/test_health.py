"""The two addresses for whatever watches over the site."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder


def test_it_lives_without_asking_the_database(client):
    # No database mark: a query here would fail the test.
    page = client.get("/health/live")
    assert (page.status_code, page.content) == (200, b"ok\n")
    assert "no-store" in page.headers["Cache-Control"]
    assert not page.cookies


@pytest.mark.django_db
def test_it_is_ready_when_the_database_answers_and_has_every_migration(client):
    page = client.get("/health/ready")
    assert (page.status_code, page.content) == (200, b"ok\n")
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_is_missing(client):
    MigrationRecorder.Migration.objects.filter(app="appointments").delete()
    page = client.get("/health/ready")
    assert (page.status_code, page.content) == (503, b"not ready: migrations\n")


@pytest.mark.django_db
def test_it_is_not_ready_without_the_database_and_does_not_say_why_in_public(client, monkeypatch, caplog):
    def gone(*args, **options):
        raise OperationalError("connection to server at 10.0.0.5 refused")

    monkeypatch.setattr(connection, "cursor", gone)
    page = client.get("/health/ready")
    assert (page.status_code, page.content) == (503, b"not ready: database\n")
    assert "10.0.0.5" in caplog.text


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_it_is_for_reading_only(client, path):
    assert client.post(path).status_code == 405
