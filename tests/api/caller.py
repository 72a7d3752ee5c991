"""A client of the API that carries a token and speaks JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from overture.accounts.access import make_token
from overture.accounts.models import Membership


@dataclass
class Caller:
    """Answers are (status, body); the last whole one is in `response`."""

    token: str
    response: Any = None

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        headers = {
            "authorization": f"Bearer {self.token}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        extra = {} if body is None else {"data": body, "content_type": "application/json"}
        self.response = getattr(Client(), method)(f"/api/v1{path}", headers=headers, **extra)
        return self.response.status_code, self.response.json() if self.response.content else None

    def get(self, path: str, **headers: str) -> Any:
        status, body = self("get", path, **headers)
        assert status == 200, body
        return body

    def post(self, path: str, body: Any = None, expected: int = 201) -> Any:
        status, answer = self("post", path, body)
        assert status == expected, answer
        return answer


def caller(member: Membership) -> Caller:
    return Caller(make_token(member, "test")[1])
