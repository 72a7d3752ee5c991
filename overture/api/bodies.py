"""How a request's body is read, and the base of every body: unknown names are refused, nothing is guessed."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from ninja.parser import Parser
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from overture.api.problems import Fault, Problem, invalid

LARGEST_ID = 2**63 - 1
_DEEPEST = 50


class In(BaseModel):
    """A JSON object; numbers are numbers and texts texts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self, **defaults: Any) -> dict[str, Any]:
        """What was said, without what was left out or null."""
        return defaults | {name: value for name, value in self if value is not None}

    def said(self) -> dict[str, Any]:
        """What was said, null included: for changes."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _moment(value: Any) -> datetime:
    """ISO 8601 with an offset; without one it is UTC."""
    if isinstance(value, datetime):
        return value
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or not 1970 <= moment.year < 9999:
        raise PydanticCustomError("bad_moment", "bad_moment")
    # In UTC, because PostgreSQL refuses offsets beyond 16 hours.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _exact_moment(value: Any) -> datetime:
    """As _moment(), but the offset must be said: whoever plans says in which zone."""
    moment = _moment(value)
    if isinstance(value, str) and getattr(parse_datetime(value), "tzinfo", None) is None:
        raise PydanticCustomError("no_offset", "no_offset")
    return moment


Moment = Annotated[datetime, BeforeValidator(_moment)]
ExactMoment = Annotated[datetime, BeforeValidator(_exact_moment)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class JsonParser(Parser):
    """Raises Problem, which django-ninja wraps: refusals.py takes it out again."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type not in {"application/json", ""}:
            raise Problem("unsupported_media_type", _("Send JSON, as application/json."))
        try:
            body = json.loads(request.body.decode(), parse_constant=_no_number, parse_float=_finite)
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise Problem("malformed", _("No JSON: line %(line)s, column %(column)s.") % place) from error
        except UnicodeDecodeError as error:
            raise Problem("malformed", _("The body is not UTF-8.")) from error
        except (ValueError, RecursionError) as error:
            raise Problem("malformed", _("The body holds what JSON does not have.")) from error
        _check_texts(body, ())
        return body


def clean(text: str, field: str) -> str:
    """A text that a database can hold. Raises Problem."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise invalid(Fault(field, "bad_text", _("This text holds characters that cannot be kept.")))
    return text


def _check_texts(value: Any, place: tuple[str, ...]) -> None:
    if isinstance(value, str):
        clean(value, ".".join(place))
    if len(place) > _DEEPEST:
        raise Problem("malformed", _("The body is nested too deep."))
    inner: Any = ()
    if isinstance(value, dict):
        for name in value:
            clean(name, ".".join(place))
        inner = value.items()
    elif isinstance(value, list):
        # Long lists are lists of ids; only what may hold a text is looked at.
        inner = ((index, each) for index, each in enumerate(value) if isinstance(each, str | dict | list))
    for name, each in inner:
        _check_texts(each, (*place, str(name)))


def _no_number(text: str) -> float:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
