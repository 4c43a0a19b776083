from typing import Any

from django.core.management.base import BaseCommand

from faq.models import SearchWord
from faq.search import entries


class Command(BaseCommand):
    help = "Make again what the search knows of all questions. Needed after the way of reading texts has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        count = entries.write_all()
        self.stdout.write(f"Questions that can be searched: {count}; different words: {SearchWord.objects.count()}.")
