"""Where a cluster's data, programs and socket lie."""

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from . import accounts, binaries
from .accounts import Account

# For root only, where the server's account cannot enter the site's own folder (below /root, for example).
APART = Path("/var/lib/ipsc")
PORT = 5432
# A socket's path has 108 bytes with the closing zero on Linux, 104 elsewhere.
LONGEST_SOCKET_PATH = 103
SOCKET_FOLDER = "ipsc-"
README = """\
The embedded PostgreSQL of the IPSC site keeps its files here.
Data: {data}
Log: server.log. The other files are locks. Nothing here is needed by git.
To begin again with an empty database, end every process of the site and delete this folder{also}.
"""


@dataclass(frozen=True)
class Place:
    """The folders of one cluster, and the account its server runs under (None: this process's own)."""

    folder: Path
    data: Path
    programs: Path
    account: Account | None

    @property
    def owner(self) -> int:
        """The user id that owns data and socket folder."""
        return self.account.uid if self.account else os.geteuid()

    @property
    def log(self) -> Path:
        return self.folder / "server.log"


def prepare(folder: Path) -> None:
    """Make the folder of a cluster.

    :raises OSError: it cannot be made.
    """
    # Root's server runs under another account, which has to get through to data/, itself private.
    folder.mkdir(parents=True, exist_ok=True, mode=0o755 if os.geteuid() == 0 else 0o700)


def find(folder: Path) -> Place:
    """Decide where the cluster of ``folder`` lies. The caller holds the cluster's lock.

    :raises ImproperlyConfigured: no account can serve it, or the folder was moved away from data kept elsewhere.
    """
    data, programs = folder / "data", binaries.installed()
    apart = _recorded(folder)
    if apart and (apart / "data").exists():
        data = apart / "data"
    account = accounts.for_server(data)
    if account:
        if not data.exists() and not accounts.may_reach(account, folder):
            apart = apart or _set_apart(folder)
            data = apart / "data"
        elif data.exists() and not accounts.may_reach(account, data.parent):
            raise ImproperlyConfigured(
                f"the account {account.name}, which the embedded database runs under, cannot enter {data.parent}; "
                "open that folder and those above it (chmod o+rx)."
            )
        if not accounts.may_reach(account, binaries.program("postgres")):
            apart = apart or _set_apart(folder)
            programs = binaries.copy_to(apart)
    _explain(folder, README.format(data=data, also=f" and {apart}" if apart else ""))
    return Place(folder, data, programs, account)


def _explain(folder: Path, text: str) -> None:
    readme = folder / "README"
    if not readme.exists() or readme.read_text() != text:
        readme.write_text(text)


def _recorded(folder: Path) -> Path | None:
    record = folder / "location"
    if not record.exists():
        return None
    apart = Path(record.read_text().strip())
    if not apart.name.startswith(_mark(folder)):
        # A copy of the site must never open the data of the original: their locks are not the same files.
        raise ImproperlyConfigured(
            f"{folder} was moved or copied, and its database is {apart}. Move it back, "
            f"or delete {folder} to begin with an empty database."
        )
    return apart


def _set_apart(folder: Path) -> Path:
    """Make a folder for what cannot lie in ``folder``, and record it there."""
    # The random part: a new clone at the same path is not to find the old one's database.
    apart = APART / f"{_mark(folder)}-{secrets.token_hex(4)}"
    APART.mkdir(parents=True, exist_ok=True, mode=0o755)
    apart.mkdir()
    for path in (APART, apart):
        path.chmod(0o755)  # mkdir's mode yields to the umask
    (folder / "location").write_text(f"{apart}\n")
    return apart


def _mark(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def make_socket_folder(place: Place) -> Path:
    """Make a new private folder for the server's socket.

    Its name is random, so nobody can have made it first; where it is stands in postmaster.pid.

    :raises ImproperlyConfigured: no folder for temporary files is writable and short enough.
    """
    for base in _socket_bases():
        room = LONGEST_SOCKET_PATH - len(f"/{SOCKET_FOLDER}12345678/.s.PGSQL.{PORT}")
        if len(os.fsencode(base)) > room or not os.access(base, os.W_OK | os.X_OK):
            continue
        if place.account and not accounts.may_reach(place.account, base):
            continue
        folder = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER, dir=base))
        if place.account:
            os.chown(folder, place.account.uid, place.account.gid)
        return folder
    raise ImproperlyConfigured(
        "the embedded database found no folder for its socket; set TMPDIR to a writable folder with a short path."
    )


def remove_socket_folder(folder: Path, place: Place) -> None:
    """Remove the socket folder of a server that has ended without doing so, if it is one that we made."""
    if folder.name.startswith(SOCKET_FOLDER) and is_private(folder, place.owner):
        shutil.rmtree(folder, ignore_errors=True)


def _socket_bases() -> list[Path]:
    bases = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 – mkdtemp makes a private one
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.geteuid() != 0 and is_private(Path(runtime), os.geteuid()):
        bases.insert(0, Path(runtime))
    return bases


def is_private(folder: Path, owner: int) -> bool:
    """Return whether ``folder`` is a real folder that belongs to ``owner`` and is closed to everybody else."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and found.st_mode & 0o077 == 0


def make_private(folder: Path, place: Place) -> None:
    """Make an empty folder for the server's account alone; what an interrupted start left there goes."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    if place.account:
        os.chown(folder, place.account.uid, place.account.gid)
