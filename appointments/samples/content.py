"""The first content, made up to show the site (rule F3): no fee, no name, no qualification, no claim.

What the clinic has not told us stays empty. The Hindi is to be checked by a native speaker of the clinic.
"""

from collections.abc import Iterator
from typing import Any

SERVICES: list[dict[str, Any]] = [
    {
        "slug": "first-consultation",
        "name": "First consultation",
        "name_hi": "पहली विज़िट",
        "description": "You meet a specialist, tell your story in your own words and are examined. At the end you talk "
        "about what could come next. Choose this if you are not sure which visit you need.",
        "description_hi": "आप विशेषज्ञ से मिलते हैं, अपनी तकलीफ़ अपने शब्दों में बताते हैं और आपकी जाँच होती है। अंत में आगे क्या हो सकता है, "
        "इस पर बात होती है। अगर तय न हो कि कौन-सी विज़िट चाहिए, तो यही चुनें।",
        "duration": 30,
        "buffer": 0,
        "step": 30,
        "notice": 2,
        "horizon": 28,
        "first_choice": True,
        "bring": "Reports and scans that you already have\nA list of the medicines that you take",
        "bring_hi": "जो रिपोर्ट और स्कैन आपके पास पहले से हैं\nआप जो दवाएँ लेते हैं, उनकी सूची",
    },
    {
        "slug": "follow-up",
        "name": "Follow-up visit",
        "name_hi": "दोबारा दिखाने की विज़िट",
        "description": "For patients who have been here before. You tell us how you have been since the last visit and "
        "talk about the next step.",
        "description_hi": "उन मरीज़ों के लिए जो यहाँ पहले आ चुके हैं। आप बताते हैं कि पिछली विज़िट के बाद से "
        "आप कैसे हैं, और अगले क़दम पर बात होती है।",
        "duration": 15,
        "buffer": 5,
        "step": 20,
        "notice": 1,
        "horizon": 42,
        "bring": "The papers from your last visit\nNew reports, if there are any",
        "bring_hi": "पिछली विज़िट के काग़ज़\nनई रिपोर्ट, अगर हों",
    },
    {
        "slug": "review-of-scans",
        "name": "Review of scans and reports",
        "name_hi": "स्कैन और रिपोर्ट दिखाना",
        "description": "A doctor goes through your X-ray, CT or MRI pictures and reports with you and explains them in "
        "plain words.",
        "description_hi": "डॉक्टर आपके एक्स-रे, सीटी या एमआरआई की तस्वीरें और रिपोर्ट आपके साथ देखते हैं और आसान शब्दों में समझाते हैं।",
        "duration": 20,
        "buffer": 0,
        "step": 20,
        "notice": 2,
        "horizon": 28,
        "bring": "The pictures themselves, on film or disc\nThe written reports",
        "bring_hi": "तस्वीरें, फ़िल्म या डिस्क पर\nलिखी हुई रिपोर्ट",
    },
    {
        "slug": "injection-visit",
        "name": "Injection visit",
        "name_hi": "इंजेक्शन के लिए विज़िट",
        "description": "For patients to whom a doctor at the centre has already advised an injection. Not sure? Book a "
        "first consultation instead.",
        "description_hi": "उन मरीज़ों के लिए जिन्हें केंद्र के डॉक्टर ने इंजेक्शन की सलाह पहले ही दी है। तय नहीं है? तो पहली विज़िट बुक करें।",
        "duration": 45,
        "buffer": 15,
        "step": 30,
        "notice": 24,
        "horizon": 28,
        "bring": "The papers from the visit at which it was advised\nA list of the medicines that you take",
        "bring_hi": "उस विज़िट के काग़ज़ जिसमें सलाह दी गई थी\nआप जो दवाएँ लेते हैं, उनकी सूची",
        "prepare": "Ask the doctor who advised it what you may eat and drink before, and what to do about your "
        "medicines.",
        "prepare_hi": "जिन डॉक्टर ने सलाह दी, उनसे पूछ लें कि पहले क्या खा-पी सकते हैं और अपनी दवाओं का क्या करना है।",
        "come_with_someone": True,
    },
    {
        "slug": "vertebral-augmentation-assessment",
        "name": "Bone cement for a broken spine bone: could it suit me?",
        "name_hi": "रीढ़ की टूटी हड्डी के लिए बोन सीमेंट: क्या यह मेरे लिए है?",
        "medical_name": "assessment for vertebroplasty or kyphoplasty",
        "medical_name_hi": "वर्टिब्रोप्लास्टी या काइफ़ोप्लास्टी के लिए जाँच",
        "description": "For patients with a broken bone in the spine. A specialist looks at the fracture and your "
        "scans and tells you whether strengthening the bone with cement through the skin could suit you. We look at "
        "each request before we confirm it.",
        "description_hi": "उन मरीज़ों के लिए जिनकी रीढ़ की हड्डी टूटी है। विशेषज्ञ टूटी हड्डी और आपके स्कैन देखते हैं और "
        "बताते हैं कि त्वचा के रास्ते सीमेंट डालकर हड्डी को मज़बूत करना आपके लिए ठीक हो सकता है या नहीं। "
        "हर अनुरोध को देखकर ही हम पक्का करते हैं।",
        "duration": 40,
        "buffer": 10,
        "step": 20,
        "notice": 24,
        "horizon": 45,
        "instant": False,
        "bring": "The pictures themselves, on film or disc\nThe written reports\nA list of the medicines that you take",
        "bring_hi": "तस्वीरें, फ़िल्म या डिस्क पर\nलिखी हुई रिपोर्ट\nआप जो दवाएँ लेते हैं, उनकी सूची",
        "come_with_someone": True,
    },
    {
        "slug": "physiotherapy",
        "name": "Physiotherapy and pain programme",
        "name_hi": "फ़िज़ियोथेरेपी और दर्द कार्यक्रम",
        "description": "A session with a physiotherapist: exercises, posture, and ways of living with pain day by day.",
        "description_hi": "फ़िज़ियोथेरेपिस्ट के साथ एक सत्र: व्यायाम, उठने-बैठने का ढंग, और रोज़ के जीवन में दर्द के साथ रहने के तरीक़े।",
        "duration": 45,
        "buffer": 15,
        "step": 60,
        "notice": 4,
        "horizon": 60,
        "bring": "A letter from your doctor, if there is one",
        "bring_hi": "डॉक्टर का पत्र, अगर हो",
        "prepare": "Wear loose clothes in which you can move.",
        "prepare_hi": "ढीले कपड़े पहनें, जिनमें हिलना-डुलना आसान हो।",
    },
]

_WORKDAYS = range(5)
_MON, _TUE, _WED, _THU, _FRI, _SAT = range(6)

# Named by role, never as a person. Hours: weekdays (0 is Monday), from, until, and online bookings at most.
CLINICIANS: list[dict[str, Any]] = [
    {
        "name": "Consultant, interventional pain",
        "name_hi": "कंसल्टेंट, इंटरवेंशनल पेन",
        "slug": "consultant-interventional-pain",
        "services": ["first-consultation", "follow-up", "review-of-scans", "injection-visit"],
        "hours": [(_WORKDAYS, "10:00", "13:00", None), ((_TUE, _THU), "17:00", "20:00", 6)],
    },
    {
        "name": "Consultant, spine",
        "name_hi": "कंसल्टेंट, स्पाइन",
        "slug": "consultant-spine",
        "services": ["first-consultation", "follow-up", "review-of-scans", "vertebral-augmentation-assessment"],
        "hours": [
            ((_MON, _WED, _FRI), "11:00", "14:00", None),
            ((_MON, _WED), "16:00", "19:00", None),
            ((_SAT,), "10:00", "13:00", None),
        ],
    },
    {
        "name": "Consultant, pain medicine",
        "name_hi": "कंसल्टेंट, पेन मेडिसिन",
        "slug": "consultant-pain-medicine",
        "services": ["first-consultation", "follow-up", "review-of-scans", "injection-visit"],
        "hours": [((_TUE, _THU, _SAT), "09:00", "12:30", None), ((_MON, _FRI), "17:00", "20:00", None)],
    },
    {
        "name": "Physiotherapist",
        "name_hi": "फ़िज़ियोथेरेपिस्ट",
        "slug": "physiotherapist",
        "services": ["physiotherapy"],
        "hours": [(range(6), "09:00", "13:00", None), (_WORKDAYS, "15:00", "18:00", None)],
    },
]


def hours_of(clinician: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The working hours of a clinician above, a row for each weekday."""
    for weekdays, opens, closes, online_cap in clinician["hours"]:
        for weekday in weekdays:
            yield {"weekday": weekday, "opens": opens, "closes": closes, "online_cap": online_cap}
