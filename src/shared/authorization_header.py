"""The one place where an ID token is read from a request: the Authorization header."""

import re
from collections.abc import Mapping
from typing import Final

from shared.compact_jws import MAX_TOKEN_CHARS
from shared.errors import InvalidToken, MissingToken
from shared.secret import Secret

_MAX_HEADER_CHARS: Final = len("Bearer ") + MAX_TOKEN_CHARS
# RFC 6750, section 2.1, narrowed to base64url segments between dots (RFC 7515, section 7.1).
_GRAMMAR: Final = re.compile(r"(?:bearer )?((?:[\w-]*\.)+[\w-]*)", re.ASCII | re.IGNORECASE)


def read_id_token(
    headers: Mapping[str, object] | None,
    multi_value_headers: Mapping[str, object] | None,
) -> Secret:
    """The still unverified token of `Authorization: <jwt>` or `Authorization: Bearer <jwt>`.

    Both arguments are those of an API Gateway event: None means none; names are compared without
    regard to case. Raises MissingToken where the header is absent or empty, InvalidToken where
    it has several distinct values or any other form.
    """
    values = _values(headers, multi_value_headers)
    if not values - {""}:
        raise MissingToken("authorization_absent")
    if len(values) > 1:
        raise InvalidToken("authorization_repeated")
    value = values.pop()
    if not isinstance(value, str):
        raise InvalidToken("authorization_not_text")
    if len(value) > _MAX_HEADER_CHARS:
        raise InvalidToken("authorization_oversized")
    match = _GRAMMAR.fullmatch(value)
    if match is None:
        raise InvalidToken("authorization_grammar")
    return Secret(match[1])


def _values(
    headers: Mapping[str, object] | None,
    multi_value_headers: Mapping[str, object] | None,
) -> set[object]:
    single = _named_authorization(headers)
    several = _named_authorization(multi_value_headers)
    flat = [item for entry in several for item in (entry if isinstance(entry, list) else [entry])]
    return {_comparable(value) for value in single + flat}


def _named_authorization(headers: Mapping[str, object] | None) -> list[object]:
    return [value for name, value in (headers or {}).items() if name.lower() == "authorization"]


def _comparable(value: object) -> object:
    """A header without a value counts as empty, one that is no text as itself, unequal to any."""
    if value is None:
        return ""
    return value if isinstance(value, str) else object()
