from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FaqConfig(AppConfig):
    name = "faq"
    verbose_name = _("Questions")

    def ready(self) -> None:
        from faq import origins

        origins.announce()
