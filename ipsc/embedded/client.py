"""``manage.py dbshell`` for the embedded database."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client as postgresql

from . import binaries


class DatabaseClient(postgresql.DatabaseClient):
    """psql of the embedded binaries; the system may have none, or an older one."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [str(binaries.program("psql")), *arguments[1:]], environment

    def runshell(self, parameters: Iterable[str]) -> None:
        # Connecting starts the server and puts where it answers into the settings.
        self.connection.ensure_connection()
        self.connection.close()
        super().runshell(parameters)
