"""Writes down what an operator did to a partner, in the transaction of the verb that did it."""

from __future__ import annotations

from typing import Any

from overture.accounts.models import User
from overture.directory.models import DirectoryEvent, Partner


def note(operator: User, partner: Partner, verb: str, **facts: Any) -> DirectoryEvent:
    """`verb` is one of those of DirectoryEvent; `facts` are JSON values for its wording."""
    return DirectoryEvent.objects.create(partner=partner, user=operator, verb=verb, facts=facts)
