"""The councils that register doctors in India, and how a registration number is compared (rule C3)."""

import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.numbers import number_key

LONGEST_NUMBER = 40


class Council(models.TextChoices):
    """The state medical councils, and the national ones; `OTHER` stands for any council abroad or not listed."""

    NMC = "nmc", _("National Medical Commission (formerly Medical Council of India)")
    ANDHRA = "ap", _("Andhra Pradesh Medical Council")
    ARUNACHAL = "ar", _("Arunachal Pradesh Medical Council")
    ASSAM = "as", _("Assam Council of Medical Registration")
    BIHAR = "br", _("Bihar Council of Medical Registration")
    CHHATTISGARH = "cg", _("Chhattisgarh Medical Council")
    DELHI = "dl", _("Delhi Medical Council")
    GOA = "ga", _("Goa Medical Council")
    GUJARAT = "gj", _("Gujarat Medical Council")
    HARYANA = "hr", _("Haryana Medical Council")
    HIMACHAL = "hp", _("Himachal Pradesh Medical Council")
    JAMMU = "jk", _("Jammu and Kashmir Medical Council")
    JHARKHAND = "jh", _("Jharkhand Medical Council")
    KARNATAKA = "ka", _("Karnataka Medical Council")
    KERALA = "kl", _("Kerala State Medical Councils (Travancore-Cochin)")
    MADHYA = "mp", _("Madhya Pradesh Medical Council")
    MAHARASHTRA = "mh", _("Maharashtra Medical Council")
    MANIPUR = "mn", _("Manipur Medical Council")
    MEGHALAYA = "ml", _("Meghalaya Medical Council")
    MIZORAM = "mz", _("Mizoram Medical Council")
    NAGALAND = "nl", _("Nagaland Medical Council")
    ODISHA = "od", _("Odisha Council of Medical Registration")
    PUNJAB = "pb", _("Punjab Medical Council")
    RAJASTHAN = "rj", _("Rajasthan Medical Council")
    SIKKIM = "sk", _("Sikkim Medical Council")
    TAMIL_NADU = "tn", _("Tamil Nadu Medical Council")
    TELANGANA = "ts", _("Telangana Medical Council")
    TRIPURA = "tr", _("Tripura State Medical Council")
    UTTAR_PRADESH = "up", _("Uttar Pradesh Medical Council")
    UTTARAKHAND = "uk", _("Uttarakhand Medical Council")
    WEST_BENGAL = "wb", _("West Bengal Medical Council")
    DENTAL = "dci", _("A dental council of India or of a state")
    OTHER = "other", _("Other, or abroad")


def registration_key(number: str) -> str:
    """The number as it is compared."""
    return number_key(number)


def email_key(email: str) -> str:
    """The address as it is compared: small letters, without dots in its first part and what follows a plus there.

    Many mail servers take no notice of either. That somebody else has the same address but for a dot happens so seldom
    that a call to the office is the better way for the two of them than two places for one.
    """
    local, _at, domain = unicodedata.normalize("NFKC", email).strip().casefold().rpartition("@")
    stem = local.partition("+")[0].replace(".", "") or local
    return f"{stem}@{domain}"
