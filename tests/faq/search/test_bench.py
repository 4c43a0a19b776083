"""What `make bench` says of the search; in small, so that it runs at all."""

from unittest import mock

import pytest

from faq import bench
from faq.models import Question, SearchEntry, SearchWord
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_it_says_the_ratio_and_leaves_nothing_behind(fourteen):
    before = [model.objects.count() for model in (Question, SearchEntry, SearchWord)]
    said: list[str] = []
    with mock.patch.object(bench, "LARGE", 40):
        ratio = bench.measure(rounds=1, now=NOW, say=said.append)
    assert 0 < ratio < 100
    assert [line.split(":")[0] for line in said] == [
        "search over     10 questions",
        "search over     40 questions",
        "large ",
    ]
    assert [model.objects.count() for model in (Question, SearchEntry, SearchWord)] == before
