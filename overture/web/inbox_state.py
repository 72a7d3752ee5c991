"""What the address of the inbox says: which threads, which page of them; every link is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from overture.accounts.models import Membership
from overture.conversations.inbox import View, ViewError
from overture.web.links import workspace_link


@dataclass(frozen=True)
class InboxState:
    member: Membership
    view: View
    cursor: str = ""

    @property
    def path(self) -> str:
        return workspace_link(self.member, "web:inbox")

    @property
    def query(self) -> str:
        """The state as a query string, "" or with its question mark."""
        told = [self.view.as_query(), urlencode({"cursor": self.cursor}) if self.cursor else ""]
        text = "&".join(part for part in told if part)
        return f"?{text}" if text else ""

    @property
    def url(self) -> str:
        return self.path + self.query

    def thread_url(self, conversation_id: int) -> str:
        return workspace_link(self.member, "web:conversation", conversation=conversation_id) + self.query

    def on_page(self, cursor: str | None) -> str:
        return replace(self, cursor=cursor).url if cursor is not None else ""

    def showing(self, **changes: Any) -> str:
        """Another view begins at its first page."""
        return InboxState(self.member, replace(self.view, **changes)).url


def state_of(request: HttpRequest, member: Membership) -> InboxState:
    """Read from the address, whatever the method. Raises ViewError."""
    return InboxState(member, View.parse(_last(request.GET)), request.GET.get("cursor", ""))


def state_behind(request: HttpRequest, member: Membership) -> InboxState:
    """The list an act was started from; a view that means nothing only loses the place in it."""
    try:
        return state_of(request, member)
    except ViewError:
        return InboxState(member, View())


def _last(query: Any) -> Mapping[str, str]:
    return {name: query.get(name) for name in ("state", "among", "unread", "mine", "q")}
