"""People whom staff know; a public booking never attaches itself to one (rule B4)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ipsc.history import history


class Patient(models.Model):
    """A person whom reception has met. One phone may serve a family, so nothing here is unique."""

    name = models.CharField(_("name"), max_length=200)
    search_name = models.CharField(max_length=400, blank=True, editable=False)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    notes = models.TextField(_("notes for reception"), blank=True, max_length=1000)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    history = history()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["name", "pk"]
        indexes = [
            GinIndex(fields=["search_name"], name="patient_name_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["phone"], name="patient_phone_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name
