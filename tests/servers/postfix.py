"""A real Postfix on loopback that submits for a Dovecot, which delivers for it; needs root, as it does."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.servers.dovecot import Dovecot, free_port

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.brand.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
maillog_file = {folder}/log/maillog
maillog_file_prefixes = /tmp, /var, /dev/stdout
default_transport = error:5.1.2 no such domain
relay_transport = error:5.1.2 no such domain
smtp_tls_security_level = none
disable_dns_lookups = yes
smtpd_tls_security_level = none
smtpd_tls_auth_only = no
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_forbid_bare_newline = normalize
smtpd_peername_lookup = no
message_size_limit = 27262976
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
maximal_queue_lifetime = {lifetime}s
bounce_queue_lifetime = 60s
default_process_limit = 20
recipient_delimiter = +
smtpd_client_connection_count_limit = 0
transport_maps = texthash:{folder}/etc/transport
sender_bcc_maps = texthash:{folder}/etc/sender_bcc
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
lmtp      unix - - n - - lmtp
"""


class Postfix:
    """`keeps_copies`: of whose mail it files a copy into the Sent folder by itself. `relays`: port of the
    server on loopback that takes a domain's mail. `lifetime`: seconds until it gives up what is put off.

    Mail to the domains of Dovecot's users is delivered there; `*.example` else vanishes; the domain
    `refused.example` does not exist, so that its sender gets a delivery report.
    """

    def __init__(
        self,
        folder: Path,
        dovecot: Dovecot,
        keeps_copies: tuple[str, ...] = (),
        relays: Mapping[str, int] | None = None,
        lifetime: int = 60,
    ) -> None:
        self.folder, self.dovecot, self.keeps_copies = folder, dovecot, keeps_copies
        self.relays, self.lifetime = relays or {}, lifetime
        self.port = free_port()

    def start(self, *local_domains: str) -> None:
        self._write(local_domains)
        self._postfix("start")
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(self.log())

    def stop(self) -> None:
        self._postfix("stop")

    def kill(self) -> None:
        """At once, with every connection."""
        master = int((self.folder / "spool" / "pid" / "master.pid").read_text())
        with contextlib.suppress(ProcessLookupError):
            os.killpg(master, signal.SIGKILL)

    def log(self) -> str:
        file = self.folder / "log" / "maillog"
        return file.read_text(errors="replace") if file.exists() else ""

    def _write(self, local_domains: tuple[str, ...]) -> None:
        etc = self.folder / "etc"
        for each in (self.folder, etc, self.folder / "spool", self.folder / "data", self.folder / "log"):
            each.mkdir(parents=True, exist_ok=True)
            each.chmod(0o755)
        for each in (self.folder / "data", self.folder / "log"):
            subprocess.run(["chown", "postfix", str(each)], check=True)
        main = _MAIN.format(folder=self.folder, auth=self.dovecot.auth_socket, lifetime=self.lifetime)
        (etc / "main.cf").write_text(main.lstrip())
        (etc / "master.cf").write_text(_MASTER.format(port=self.port).lstrip())
        lmtp = f"lmtp:[127.0.0.1]:{self.dovecot.lmtp}"
        lines = [f"{domain} {lmtp}" for domain in local_domains]
        lines += [f"{domain} smtp:[127.0.0.1]:{port}" for domain, port in self.relays.items()]
        lines += ["refused.example error:5.1.1 no such user here", ".example discard:", "* discard:"]
        (etc / "transport").write_text("\n".join(lines) + "\n")
        copies = [f"{each} {each.replace('@', '+Sent@')}" for each in self.keeps_copies]
        (etc / "sender_bcc").write_text("\n".join(copies) + "\n")

    def _postfix(self, command: str) -> None:
        done = subprocess.run(
            ["/usr/sbin/postfix", "-c", str(self.folder / "etc"), command],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + self.log()
