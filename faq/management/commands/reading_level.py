from typing import Any

from django.core.management.base import BaseCommand

from faq.html import text_of
from faq.models import Language, Wording
from faq.reading import reading_level

AIM = 7.0


class Command(BaseCommand):
    help = "Tell how hard each English answer is to read: the Flesch-Kincaid grade, the hardest first. Aim: 7."

    def handle(self, *args: Any, **options: Any) -> None:
        """Of a draft, where there is one: that is what can still be made easier."""
        rows = Wording.objects.filter(language=Language.ENGLISH).select_related("question__topic")
        found = [(reading_level(text_of(row.draft.answer)), row) for row in rows]
        told = sorted(((level, row) for level, row in found if level), key=lambda each: -each[0].grade)
        for level, row in told:
            mark = "" if level.grade <= AIM else "  above 7"
            draft = " (draft)" if row.has_draft else ""
            self.stdout.write(f"{level.grade:5.1f}  {level.words:4} words  {row.question.slug}{draft}{mark}")
        if told:
            mean = sum(level.grade for level, _row in told) / len(told)
            self.stdout.write(f"{mean:5.1f}  on average, {len(told)} answers; aim: 7 or below.")
        else:
            self.stdout.write("No English answers yet.")
