"""Idempotency-Key: the same key and request get the same answer, and the work is done once.

The answer is written in the transaction of the work: both stand, or neither. Only what went well is kept, so
that a request that was refused may be mended and sent again with its key. It is encrypted: some hold a secret
that is shown once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.api.models import KeptAnswer
from overture.api.problems import Fault, Problem, invalid
from overture.lib.secrets import SecretError
from overture.mailboxes.secret import ring

HEADER = "Idempotency-Key"
PATTERN = r"^[\x21-\x7e]{1,200}$"
KEPT = timedelta(hours=24)
# A first key for advisory locks, so that ours meet nobody else's.
_LOCK = 0x0A91


def once(request: HttpRequest, member: Membership, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `work`, or the one kept. Raises Problem: in_progress, key_reused, invalid."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return work()
    if not re.fullmatch(PATTERN, key):
        raise invalid(Fault(HEADER, "bad_key", _("A key has 1 to 200 visible ASCII characters.")))
    digest = _digest(request)
    with transaction.atomic():
        _lock(member, key)
        kept = _kept(member, key)
        if kept is not None:
            return _again(kept, digest, _purpose(member, key))
        response = work()
        if response.status_code >= 300:
            # Whatever a refused request has written goes with it.
            transaction.set_rollback(True)
            return response
        KeptAnswer.objects.create(
            member=member,
            key=key,
            digest=digest,
            status=response.status_code,
            body=ring().encrypt(response.content.decode(), _purpose(member, key)),
        )
        return response


def _lock(member: Membership, key: str) -> None:
    """Until the transaction ends, however it does: a killed process leaves nothing at work behind."""
    number = int.from_bytes(hashlib.sha256(f"{member.pk}:{key}".encode()).digest()[:4], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, number])
        if not cursor.fetchone()[0]:
            raise Problem("in_progress")


def _kept(member: Membership, key: str) -> KeptAnswer | None:
    KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return KeptAnswer.objects.filter(member=member, key=key).first()


def _again(kept: KeptAnswer, digest: str, purpose: str) -> HttpResponse:
    if kept.digest != digest:
        raise Problem("key_reused")
    try:
        body = ring().decrypt(kept.body, purpose)
    except SecretError as error:  # its key was taken out of the ring within the day
        raise Problem("key_reused") from error
    return HttpResponse(
        body,
        status=kept.status,
        content_type="application/json; charset=utf-8",
        headers={"Idempotent-Replayed": "true"},
    )


def _purpose(member: Membership, key: str) -> str:
    return f"answer:{member.pk}:{key}"


def _digest(request: HttpRequest) -> str:
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        # The boundary is new at every attempt: what counts are the parts.
        for name in sorted(request.POST):
            told.update(repr((name, request.POST.getlist(name))).encode())
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                told.update(repr((name, file.name)).encode())
                for chunk in file.chunks():
                    told.update(chunk)
                file.seek(0)
    else:
        told.update(request.body)
    return told.hexdigest()
