"""The folder of a clamd of our own: its configuration, made by code, and signatures to begin with."""

from __future__ import annotations

from pathlib import Path

# The test file that all scanners know (eicar.org), so that even without signatures one can see it work.
_EICAR_BODY = (
    "Eicar-Test-Signature:0:*:58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e4441"
    "52442d414e544956495255532d544553542d46494c452124482b482a\n"
)
_OFFICIAL = ("main.cvd", "main.cld", "daily.cvd", "daily.cld")

_CONFIGURATION = """\
# Made by Overture at each start: change it in overture/files/clamd_folder.py.
Foreground yes
LocalSocket {socket}
LocalSocketMode 600
FixStaleSocket yes
DatabaseDirectory {folder}/db
TemporaryDirectory {folder}/tmp
LogTime yes
ExtendedDetectionInfo no
MaxThreads 8
MaxConnectionQueueLength 100
MaxQueue 200
# A picture made anew or a stream unpacked is larger than what was given.
StreamMaxLength {stream}M
MaxFileSize {stream}M
MaxScanSize {scan}M
MaxRecursion 12
MaxFiles 2000
MaxScanTime 20000
# What is over a limit is not clean: without this it passes as OK.
AlertExceedsMax yes
AlertEncrypted yes
AlertEncryptedArchive yes
AlertEncryptedDoc yes
ConcurrentDatabaseReload {is_double}
SelfCheck 600
CommandReadTimeout 10
ReadTimeout 30
"""


def make(folder: Path, socket: Path, limit_mb: int, has_room: bool = False) -> Path:
    """Writes what clamd needs into `folder` and names its configuration; keeps signatures that are there.

    `has_room`: whether there is memory for the signatures twice, while new ones are read.
    """
    for each in (folder, folder / "db", folder / "tmp", socket.parent):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "db" / "overture-test.ndb").write_text(_EICAR_BODY)
    path = folder / "clamd.conf"
    path.write_text(
        _CONFIGURATION.format(
            folder=folder,
            socket=socket,
            stream=4 * limit_mb + 1,
            scan=16 * limit_mb,
            is_double="yes" if has_room else "no",
        )
    )
    return path


def has_official_signatures(folder: Path) -> bool:
    return any((folder / "db" / name).exists() for name in _OFFICIAL)
