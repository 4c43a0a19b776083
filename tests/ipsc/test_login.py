"""Signing in to the admin, and guessing at it."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

pytestmark = pytest.mark.django_db


def sign_in(client, password: str, username: str = "reception"):
    return client.post(reverse("admin:login"), {"username": username, "password": password})


@pytest.fixture
def receptionist() -> User:
    return User.objects.create_user("reception", password="the right one", is_staff=True)


def test_it_closes_the_door_after_ten_wrong_passwords(client, receptionist):
    answers = [sign_in(client, f"wrong {number}").status_code for number in range(10)]
    assert answers[:9] == [200] * 9
    page = sign_in(client, "the right one")
    assert page.status_code == 429
    assert "quarter of an hour" in page.text


def test_it_lets_others_in_meanwhile(client, receptionist):
    User.objects.create_user("manager", password="another one", is_staff=True)
    for number in range(10):
        sign_in(client, f"wrong {number}")
    assert sign_in(client, "another one", username="manager").status_code == 302


def test_it_forgets_slips_after_the_right_password(client, receptionist):
    for _round in range(3):
        for number in range(9):
            sign_in(client, f"wrong {number}")
        assert sign_in(client, "the right one").status_code == 302
        client.logout()
