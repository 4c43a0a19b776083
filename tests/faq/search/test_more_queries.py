"""Queries that were written down before anybody looked what they would find: each finds one of its answers."""

import pytest

from tests.faq.search.test_sixty_queries import (
    AFTER,
    CANCER,
    CAUSE,
    ELDERLY,
    HEAL,
    HOME,
    KINDS,
    OLD,
    OSTEOPOROSIS,
    PAIN,
    RECOVERY,
    RISKS,
    SUCCESS,
    WEDGE,
    first_three,
)

TABLE = [
    ("spine ka fracture bina operation ke theek ho sakta hai", [RECOVERY, HEAL]),
    ("doctor ne bola haddi pichak gayi hai", [CAUSE, WEDGE]),
    ("vertiboplasti ke side effect", [RISKS]),
    ("maa ki umar 82 saal hai operation safe hai", [ELDERLY]),
    ("pith me dard haddi tuti hui cement bharna", [KINDS]),
    ("osteoprosis meaning", [OSTEOPOROSIS]),
    ("wedge compresion difference", [WEDGE]),
    ("how many days rest after cement procedure", [RECOVERY, AFTER]),
    ("can i sit up after the procedure", [AFTER]),
    ("lung cancer in backbone", [CANCER]),
    ("stitches or cut", [RECOVERY]),
    ("full anaesthesia or local", [PAIN]),
    ("शुगर के मरीज को दे सकते हैं", [ELDERLY]),
    ("ऑपरेशन के बाद कितने दिन आराम", [RECOVERY, AFTER]),
    ("क्या सुई लगाते समय दर्द होगा", [PAIN]),
    ("हड्डियां कमजोर होने का कारण", [OSTEOPOROSIS, CAUSE]),
    ("kifoplasti kya hota h", [KINDS]),
    ("fracture from 1 year old vertebroplasty possible", [OLD]),
    ("percentage of people who get relief", [SUCCESS]),
    ("kya usi din chutti mil jati hai", [HOME]),
    ("dard kam hoga ki nahi iske baad", [SUCCESS, PAIN]),
    ("infection ka khatra", [RISKS]),
    ("my father has sugar and heart problem can he do this", [ELDERLY]),
    ("will there be a scar", [RECOVERY]),
    ("spine bone collaps without falling", [CAUSE, WEDGE]),
    ("kitne ghante letna padega", [AFTER]),
    ("osteoprosis ki wajah", [OSTEOPOROSIS, CAUSE]),
    ("bhari saman uthana", [AFTER]),
    ("breast cancer spread bones injection", [CANCER]),
    ("vertebroplasty 6 mahine baad", [OLD]),
    ("can cement come out", [RISKS]),
    ("balon kifoplasty", [KINDS]),
    ("anesthisia local ya general", [PAIN]),
    ("hospital me kitne din rehna padega", [HOME]),
    ("हड्डी क्यों नहीं जुड़ रही", [HEAL]),
    ("सीमेंट भरने के नुकसान", [RISKS]),
    ("85 साल की दादी का ऑपरेशन", [ELDERLY]),
    ("कितने प्रतिशत सफल", [SUCCESS]),
    ("मम्मी की रीढ़ की हड्डी दब गई है", [CAUSE, WEDGE]),
    ("khoon nikalta hai kya", [RECOVERY, RISKS]),
    ("wat is wedje fractur", [WEDGE]),
    ("bending twisting alowed", [AFTER]),
    ("hormone change weak bone", [OSTEOPOROSIS]),
    ("does it hurt when needle goes in", [PAIN]),
    ("ghar kab bhejenge", [HOME]),
    ("procedure ke baad baith sakte hai", [AFTER]),
]


@pytest.mark.parametrize(("text", "slugs"), TABLE, ids=[text for text, _ in TABLE])
@pytest.mark.parametrize("language", ["en", "hi"])
def test_it_finds(fourteen, text, slugs, language):
    assert set(slugs) & set(first_three(text, language))
