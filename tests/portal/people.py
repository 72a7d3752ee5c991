"""A partner and the people who sign in for it."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from overture.accounts.models import User
from overture.directory import jobs
from overture.directory.models import Partner, PartnerUser
from overture.directory.partner_users import take_in
from overture.files import store
from overture.files.models import Attachment, State, StoredFile
from tests import factories
from tests.web.signed_in import client_of

_JOBS = {"overture.directory.jobs.send_invitation": jobs.send_invitation,
         "overture.directory.jobs.send_decision": jobs.send_decision,
         "overture.directory.jobs.send_listed": jobs.send_listed}  # fmt: skip


def person(partner: Partner | None = None, email: str = "elise@veille.example", **fields: Any) -> PartnerUser:
    """Élise of La Longue Veille, unless another is meant."""
    fields = {"name": "Élise Vauquelin", **fields}
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, "correct horse battery", **fields
    )
    partner = partner or factories.partner(name="La Longue Veille", has_messaging=True)
    return take_in(partner, user)


def portal_of(mine: PartnerUser, **headers: str) -> Client:
    client = client_of(mine.user)
    client.defaults |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return client


def run_letters() -> int:
    """Does what the worker would: the letters of the directory that wait; how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING task_name, args")
        waiting = [(name, args) for name, args in cursor.fetchall() if name in _JOBS]
    for name, args in waiting:
        _JOBS[name](**args if isinstance(args, dict) else json.loads(args))
    return len(waiting)


def link_in(text: str) -> str:
    """The path of the first link to our site in a letter."""
    found = re.search(r"https://overture\.test(/partner\S*)", text)
    assert found, text
    return found[1]


def picture(content: bytes = b"a drawing", name: str = "rates.png", **given: Any) -> Attachment:
    """A clean file with a preview, its bytes in place, as everything.py makes one."""
    sha256 = hashlib.sha256(content).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        for kind in store.KINDS:
            store.put(Path(file.name), sha256, kind)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "served_sha256": sha256, "type": "png", "size": len(content), "state": State.CLEAN,
            "has_preview": True, "signatures": "ClamAV", "due_at": None,
        },
    )  # fmt: skip
    return Attachment.objects.create(stored=stored, name=name, **given)
