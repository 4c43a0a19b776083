from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from faq import content
from faq.models import Question
from faq.search import entries, lay
from ipsc.dates import now
from ipsc.history import SITE


class Command(BaseCommand):
    help = "Load the questions that the site ships with, each once; what staff have changed is never written over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would be loaded, and load nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        loaded = content.load(by=SITE, now=now(), dry=dry)
        words = lay.load(dry_run=dry)
        if not dry:
            # Texts that a release without a search, or a restored backup, has left unknown to it.
            unknown = Question.objects.filter(wordings__published_at__isnull=False, search_entry__isnull=True)
            entries.write(list(unknown.values_list("pk", flat=True).distinct()))
        if dry:
            for name in loaded.topics:
                self.stdout.write(f"would load topic    {name}")
            for name in loaded.questions:
                self.stdout.write(f"would load question {name}")
            for name in loaded.kept:
                self.stdout.write(f"is there already    {name}")
        self.stdout.write(f"{loaded} Words that people say: {len(words)} {'would be added' if dry else 'added'}.")
