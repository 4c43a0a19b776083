import pytest
from django.template import engines

from ipsc.outbox.kinds import KINDS
from tests.ipsc.outbox.cast import NOTE, note

TEMPLATES = {
    "messages/tests/note.subject.txt": "A note{% if about %} about\n{{ about }}{% endif %}",
    "messages/tests/note.txt": "The text.\n\n\n\n{{ secret }}\n",
    "messages/tests/note.html": "<p>The text.</p>",
}


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    """The kind `tests.note` with templates of its own."""
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "loaders", [("django.template.loaders.locmem.Loader", TEMPLATES), *engine.loaders])
    engine.__dict__.pop("template_loaders", None)
    monkeypatch.setitem(KINDS, NOTE, note())
    yield
    engine.__dict__.pop("template_loaders", None)
