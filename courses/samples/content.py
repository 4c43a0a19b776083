"""The sample courses and their faculty, as they are loaded (rule F3); the courses' words stand in courses.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

COURSES = Path(__file__).with_name("courses.toml")

# By role, never as a person; what the centre has not told us stays empty.
FACULTY: list[dict[str, str]] = [
    {
        "name": "Consultant, interventional pain",
        "name_hi": "कंसल्टेंट, इंटरवेंशनल पेन",
        "discipline": "interventional pain",
        "discipline_hi": "इंटरवेंशनल पेन",
    },
    {
        "name": "Consultant, pain medicine",
        "name_hi": "कंसल्टेंट, पेन मेडिसिन",
        "discipline": "pain medicine",
        "discipline_hi": "पेन मेडिसिन",
    },
    {
        "name": "Consultant, spine",
        "name_hi": "कंसल्टेंट, स्पाइन",
        "discipline": "spine",
        "discipline_hi": "स्पाइन",
    },
    {
        "name": "Consultant, anaesthesia",
        "name_hi": "कंसल्टेंट, एनेस्थीसिया",
        "discipline": "anaesthesia",
        "discipline_hi": "एनेस्थीसिया",
    },
    {
        "name": "Consultant, radiology",
        "name_hi": "कंसल्टेंट, रेडियोलॉजी",
        "discipline": "radiology",
        "discipline_hi": "रेडियोलॉजी",
    },
    {
        "name": "Physiotherapist",
        "name_hi": "फ़िज़ियोथेरेपिस्ट",
        "discipline": "physiotherapy",
        "discipline_hi": "फ़िज़ियोथेरेपी",
    },
    {
        "name": "Clinical psychologist",
        "name_hi": "क्लिनिकल मनोवैज्ञानिक",
        "discipline": "psychology",
        "discipline_hi": "मनोविज्ञान",
    },
    {
        "name": "Specialist nurse, pain",
        "name_hi": "विशेषज्ञ नर्स, दर्द",
        "discipline": "nursing",
        "discipline_hi": "नर्सिंग",
    },
]

# The same for all of them.
EVERY_COURSE = {
    "description": "This is a sample course: it shows what a course looks like here.\n\n"
    "It is taught in a small group, by people of several disciplines.",
    "description_hi": "यह एक नमूना कोर्स है: इससे दिखता है कि यहाँ कोर्स कैसा दिखता है।\n\nयह छोटे समूह में, कई विषयों के लोग पढ़ाते हैं।",
    "audience": "Doctors who see patients with pain, whatever their specialty.",
    "audience_hi": "वे डॉक्टर जो दर्द के मरीज़ देखते हैं, उनका विषय कोई भी हो।",
    "eligibility": "A medical degree and registration with a medical council.",
    "eligibility_hi": "मेडिकल डिग्री और किसी मेडिकल काउंसिल में पंजीकरण।",
    # As the centre says of its courses.
    "endorsed": True,
}
ADVANCED = {
    "eligibility": "A medical degree, registration with a medical council, and a year of work with image guidance.",
    "eligibility_hi": "मेडिकल डिग्री, मेडिकल काउंसिल में पंजीकरण, और तस्वीर की मदद से काम का एक साल का अनुभव।",
}
EVERY_RUN = {
    "fee_includes": "This is a sample fee\nCourse papers\nTea and lunch, where the course is on site",
    "fee_includes_hi": "यह नमूना फ़ीस है\nकोर्स के काग़ज़\nचाय और दोपहर का खाना, अगर कोर्स केंद्र पर हो",
    "refund_full_days": 14,
    "refund_part_percent": 50,
    "refund_part_days": 3,
}
# example.org belongs to nobody (RFC 2606).
JOINING = "https://example.org/sample-course"
BREAK, BREAK_HI = "Break", "विराम"
CANCELLED = "Sample: this is how a cancelled course looks."


@cache
def courses() -> list[dict[str, Any]]:
    """The sample courses in their order."""
    with COURSES.open("rb") as file:
        return tomllib.load(file)["course"]
