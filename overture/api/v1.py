"""The API's operations, put together: one router for each resource."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from overture.api import (
    ads,
    claims,
    contacts,
    conversations,
    deliveries,
    directory,
    files,
    groups,
    imports,
    invitations,
    mailboxes,
    mailings,
    mails,
    marketplace,
    message_runs,
    notes,
    notices,
    prospects,
    saved_searches,
    selections,
    suppressions,
    tiles,
    webhooks,
    workspace,
)
from overture.api.bearer import bearer
from overture.api.bodies import JsonParser
from overture.api.guard import guard
from overture.api.refusals import install


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Any) -> str:
        """`make_ad`: names are unique, and clients made from the schema call their functions so."""
        name: str = operation.view_func.__name__
        return name


api = Api(
    title="Overture",
    version="1",
    urls_namespace="api",
    auth=bearer,
    parser=JsonParser(),
    # The schema and its page are answered by docs.py.
    openapi_url=None,
    docs_url=None,
)
api.add_decorator(guard, mode="view")
install(api)
api.add_router("", prospects.router)
api.add_router("", contacts.router)
api.add_router("", notes.router)
api.add_router("", conversations.router)
api.add_router("/mails", mails.router)
api.add_router("/message-runs", message_runs.router)
api.add_router("/groups", groups.router)
api.add_router("/selections", selections.router)
api.add_router("", workspace.router)
api.add_router("", invitations.router)
api.add_router("/directory", directory.router)
api.add_router("/directory", claims.router)
api.add_router("", files.router)
api.add_router("/ads", ads.router)
api.add_router("/imports", imports.router)
api.add_router("/mailboxes", mailboxes.router)
api.add_router("/mailings", mailings.router)
api.add_router("/mailings", deliveries.router)
api.add_router("/suppressions", suppressions.router)
api.add_router("/marketplace/selections", tiles.router)
api.add_router("/marketplace", marketplace.router)
api.add_router("/saved-searches", saved_searches.router)
api.add_router("/notices", notices.router)
api.add_router("/webhooks", webhooks.router)
