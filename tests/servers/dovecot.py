"""A real Dovecot on loopback: IMAP, LMTP and the check of passwords for Postfix, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from imaplib import IMAP4
from pathlib import Path
from typing import Any

PROGRAM = "/usr/sbin/dovecot"
PASSWORD = "a password of tests"
# A name that nobody guesses: SPECIAL-USE tells what it is for.
JUNK = "Spamverdacht"

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
instance_name = overture-{imap}
listen = 127.0.0.1
protocols = imap lmtp
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 10000
mailbox_idle_check_interval = 1 secs
maildir_very_dirty_syncs = no
lmtp_save_to_detail_mailbox = yes
recipient_delimiter = +
first_valid_uid = {uid}
default_client_limit = 20000
default_process_limit = 10000
{users}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = {sent}
  }}
  mailbox {junk} {{
    special_use = \\Junk
    auto = create
  }}
}}
{oauth}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  {chroot}
  service_count = 0
  client_limit = 5000
  process_limit = 4
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 2000
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""
_OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf.ext
}}
"""
_INTROSPECTION = """
introspection_mode = post
introspection_url = {url}
username_attribute = email
active_attribute = active
active_value = true
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dovecot:
    """`introspection`: the URL that judges OAuth tokens (RFC 7662). `certificate`: certificate and key."""

    def __init__(
        self,
        folder: Path,
        introspection: str = "",
        certificate: tuple[Path, Path] | None = None,
        has_sent: bool = True,
    ) -> None:
        self.folder, self.introspection, self.certificate = folder, introspection, certificate
        self.imap, self.imaps, self.lmtp = free_port(), free_port(), free_port()
        self.has_sent = has_sent
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def auth_socket(self) -> Path:
        return self.folder / "auth"

    def add_user(self, address: str, password: str = PASSWORD) -> None:
        with (self.folder / "users").open("a") as users:
            users.write(f"{address}:{{PLAIN}}{password}::::::\n")

    def write(self) -> None:
        is_root = os.getuid() == 0
        uid, gid = (5000, 5000) if is_root else (os.getuid(), os.getgid())
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)  # processes of other users reach their sockets here
        (self.folder / "mail").mkdir(exist_ok=True)
        if is_root:
            os.chown(self.folder / "mail", uid, gid)
        (self.folder / "users").touch()
        (self.folder / "oauth2.conf.ext").write_text(_INTROSPECTION.format(url=self.introspection))
        mine = os.environ.get("USER", "") or str(os.getuid())
        users = ("dovenull", "dovecot") if is_root else (mine, mine)
        (self.folder / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                folder=self.folder,
                imap=self.imap,
                imaps=self.imaps,
                lmtp=self.lmtp,
                ssl="yes" if self.certificate else "no",
                certificate="ssl_cert = <{}\nssl_key = <{}".format(*self.certificate)
                if self.certificate
                else "",
                uid=uid,
                gid=gid,
                users=f"default_login_user = {users[0]}\ndefault_internal_user = {users[1]}",
                junk=JUNK,
                sent="create" if self.has_sent else "no",
                oauth=_OAUTH.format(folder=self.folder) if self.introspection else "",
                chroot="" if is_root else "chroot =",
            )
        )

    def start(self) -> None:
        self.write()
        with (self.folder / "dovecot.out").open("ab") as out:
            self.process = subprocess.Popen(
                [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")], stdout=out, stderr=out
            )
        self._wait()

    def kill(self) -> None:
        """At once, with every connection: as if the machine had gone."""
        if self.process is None:
            return
        for pid in _family(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        shutil.rmtree(self.folder / "run", ignore_errors=True)

    def doveadm(self, *arguments: str) -> str:
        done = subprocess.run(
            ["/usr/bin/doveadm", "-c", str(self.folder / "dovecot.conf"), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def forget_uids(self, user: str, folder: str = "INBOX") -> None:
        """UIDVALIDITY changes and UIDs begin anew, as after the server was set up again from its files."""
        where = self.folder / "mail" / user / ("" if folder == "INBOX" else f".{folder}")
        before = self.uidvalidity(user, folder)
        while self.uidvalidity(user, folder) == before:  # it is made of the seconds
            time.sleep(0.3)
            for file in where.glob("dovecot*"):
                file.unlink()

    def uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        told = self.doveadm("-f", "flow", "mailbox", "status", "-u", user, "uidvalidity", folder)
        return int(told.rpartition("=")[2])

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        """Puts mails into a folder as another client would."""
        with self.client(user) as client:
            for mail in mails:
                status, words = client.append(folder, "", "", mail)
                assert status == "OK", words

    def seen(self, user: str, folder: str = "INBOX") -> int:
        with self.client(user) as client:
            client.select(folder, readonly=True)
            return len(client.search(None, "SEEN")[1][0].split())

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        with self.client(user) as client:
            client.select(folder, readonly=True)
            numbers = client.search(None, "ALL")[1][0].split()
            found: list[Any] = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
            return [each[1] for each in found]

    @contextlib.contextmanager
    def client(self, user: str) -> Iterator[IMAP4]:
        client = IMAP4("127.0.0.1", self.imap, timeout=20)
        try:
            client.login(user, PASSWORD)
            yield client
        finally:
            client.logout()

    def _wait(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.imap), 1):
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "dovecot.out").read_text() + self.log())

    def log(self) -> str:
        file = self.folder / "dovecot.log"
        return file.read_text(errors="replace") if file.exists() else ""


def _family(pid: int) -> list[int]:
    """The process and its children."""
    found = [pid]
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(status.parent.name))
    return found
