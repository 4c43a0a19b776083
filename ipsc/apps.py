from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class IpscConfig(AppConfig):
    name = "ipsc"
    verbose_name = _("Clinic")

    def ready(self) -> None:
        from ipsc.roles import sync_roles
        from ipsc.sms import checks  # noqa: F401 – they register themselves

        # The kinds of message that the apps have.
        autodiscover_modules("messages")

        # Django creates permissions after a migration; the groups that hold them follow at the same moment.
        post_migrate.connect(sync_roles, dispatch_uid="ipsc.roles")
