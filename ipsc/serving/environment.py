"""The environment of ``manage.py run``. Nothing here may read Django's settings: they read what is set here."""

import os
import secrets
import socket
from pathlib import Path

import environ

from ipsc.embedded.locks import exclusive

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PREPARE_SECONDS = 300
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 – compared with, not listened on


class CannotServe(Exception):
    """The site cannot be served as things are; the text says why and what to do, in one line."""


def prepare(*, mode: str) -> None:
    """Set what is unset: IPSC_MODE, a secret kept in var/secret_key, and HOST among ALLOWED_HOSTS.

    Production gets its secret and its hosts from its operator only.

    :raises CannotServe: the secret cannot be written, or PORT is no port.
    """
    environ.Env.read_env(BASE_DIR / ".env")  # as the settings do; the environment proper comes first
    os.environ.setdefault("IPSC_MODE", mode)
    host, _ = address()
    if os.environ["IPSC_MODE"] == "production":
        return
    if not os.environ.get("SECRET_KEY"):
        keep_secret(Path(os.environ.get("IPSC_VAR_DIR") or BASE_DIR / "var"))
    if not os.environ.get("ALLOWED_HOSTS"):
        # Who opens the site to the network reaches it under names that only the network knows.
        names = ["*"] if host in WILDCARDS else ["localhost", "127.0.0.1", "[::1]", in_brackets(host)]
        os.environ["ALLOWED_HOSTS"] = ",".join(dict.fromkeys(names))


def address() -> tuple[str, int]:
    """Return HOST and PORT, by default 127.0.0.1 and 8000.

    :raises CannotServe: PORT is not a number from 1 to 65535.
    """
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise CannotServe(f"PORT is {port!r}; set it to a number from 1 to 65535.")
    return host.strip("[]"), int(port)


def in_brackets(host: str) -> str:
    """Return the host as it stands in an address: an IPv6 number goes into brackets."""
    return f"[{host}]" if ":" in host else host


def check_free(host: str, port: int) -> None:
    """Find out whether this process could listen there.

    :raises CannotServe: another process does, or the system refuses.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As gunicorn will: connections that are closing do not hinder, one that listens does.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise CannotServe(
            f"cannot listen on {in_brackets(host)}:{port}: {why}. Set HOST or PORT, e.g. PORT={port % 65535 + 1}."
        ) from problem


def keep_secret(folder: Path) -> None:
    """Make the file ``secret_key``, readable by its owner only, unless it is there.

    :raises CannotServe: the folder is not writable.
    """
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Two first starts at once must end up with one secret; and nobody may read half of one, hence the renaming.
        with exclusive(folder / "prepare.lock", within=PREPARE_SECONDS):
            if path.exists() and path.stat().st_size:
                return
            unfinished = folder / "secret_key.unfinished"
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
            unfinished.rename(path)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise CannotServe(f"cannot write {path}: {why}. Set IPSC_VAR_DIR to a writable folder.") from problem
