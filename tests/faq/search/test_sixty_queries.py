"""What patients and their families type, and the question that each must find among the first three."""

import pytest

from faq.search.finding import find
from tests.factories import NOW

OSTEOPOROSIS = "what-is-osteoporosis"
CAUSE = "how-weak-bones-break-the-spine"
WEDGE = "compression-or-wedge-fracture"
HEAL = "why-such-fractures-do-not-heal"
KINDS = "vertebroplasty-or-kyphoplasty"
SUCCESS = "how-successful-it-is"
OLD = "when-the-fracture-is-old"
RECOVERY = "how-long-recovery-takes"
AFTER = "what-not-to-do-afterwards"
CANCER = "cancer-that-has-spread-to-the-spine"
PAIN = "how-painful-it-is"
ELDERLY = "is-it-safe-for-older-people"
RISKS = "what-the-side-effects-are"
HOME = "going-home-afterwards"

TABLE = [
    # Misspelt
    ("vertibroplasty", KINDS),
    ("kifoplasty", KINDS),
    ("kyphoplastee", KINDS),
    ("vertebroplasti vs kifoplasti", KINDS),
    ("osteoporsis", OSTEOPOROSIS),
    ("ostioporosis kya hai", OSTEOPOROSIS),
    ("osteoperosis", OSTEOPOROSIS),
    ("comprestion fractur", WEDGE),
    ("wege fracture", WEDGE),
    ("anasthesia", PAIN),
    ("is it painfull", PAIN),
    ("side efects", RISKS),
    ("complicasions", RISKS),
    ("recovry time", RECOVERY),
    ("sucess rate", SUCCESS),
    ("metastesis", CANCER),
    ("eldely saftey", ELDERLY),
    ("infecton after cement", RISKS),
    # Lay words
    ("sement injection back", KINDS),
    ("cement injection", KINDS),
    ("backbone broken weak bones", CAUSE),
    ("brittle bones", OSTEOPOROSIS),
    ("sugar bp patient safe", ELDERLY),
    ("how long will it take my mother to walk again", RECOVERY),
    ("will i be put to sleep", PAIN),
    ("can my 80 year old grandmother have it", ELDERLY),
    ("does the cement leak", RISKS),
    ("can i bend down after", AFTER),
    ("lifting heavy things", AFTER),
    ("when can she go home", HOME),
    ("does it really work", SUCCESS),
    ("fracture 3 months ago is it too late", OLD),
    ("tumor in the spine", CANCER),
    ("bone not healing by itself", HEAL),
    ("balloon treatment for spine", KINDS),
    ("do i have to stay overnight in hospital", HOME),
    # Hindi in Latin letters
    ("reedh ki haddi toot gayi", CAUSE),
    ("kya operation ke baad ghar ja sakte hai", HOME),
    ("kamar ki haddi mein cement", KINDS),
    ("haddi kamzor kyon hoti hai", OSTEOPOROSIS),
    ("kitna dard hota hai", PAIN),
    ("bujurg ke liye safe hai kya", ELDERLY),
    ("buzurgo ke liye", ELDERLY),
    ("theek hone mein kitna time lagega", RECOVERY),
    ("purana fracture", OLD),
    ("behosh karte hai kya", PAIN),
    ("cancer haddi me fail gaya", CANCER),
    ("nuksan kya hai iske", RISKS),
    ("chhutti kab milegi", HOME),
    ("baad mein kya parhez kare", AFTER),
    ("haddi apne aap jud jayegi", HEAL),
    ("kitne logo ko aaram milta hai", SUCCESS),
    # Hindi
    ("हड्डी का सीमेंट", KINDS),
    ("पुराना फ्रैक्चर", OLD),
    ("आस्टियोपोरोसिस", OSTEOPOROSIS),
    ("काईफोप्लास्टी और वर्टीब्रोप्लास्टी में फर्क", KINDS),
    ("कमजोर हड्डी", OSTEOPOROSIS),
    ("बुजुर्गों के लिए सुरक्षित", ELDERLY),
    ("घर कब जा सकते हैं", HOME),
    ("इलाज में दर्द होता है क्या", PAIN),
    ("झुकना मना है", AFTER),
    ("कैंसर रीढ़ में फैल गया", CANCER),
]


def first_three(text: str, language: str = "en") -> list[str]:
    return [hit.question.slug for hit in find(text, language=language, at=NOW).hits[:3]]


@pytest.mark.parametrize(("text", "slug"), TABLE, ids=[text for text, _ in TABLE])
def test_it_finds(fourteen, text, slug):
    assert slug in first_three(text)


def test_the_table_has_sixty_different_queries():
    assert len({text for text, _ in TABLE}) >= 60
