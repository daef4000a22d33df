"""A dictionary of secrets that a notebook may show."""

from collections.abc import Mapping
from typing import Any, Final

from bucketpass.secret import MASK

_OPEN: Final = frozenset({"expiration", "Expiration", "ExpiresIn", "TokenType"})


class MaskedMapping(dict[str, Any]):
    """A dictionary whose repr and str show its keys, its times and otherwise only masks.

    The values are also attributes: `credentials["SecretKey"]` is `credentials.SecretKey`.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # whatever the value is
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        shown = {key: value if key in _OPEN else MASK for key, value in self.items()}
        return f"{type(self).__name__}({shown!r})"

    __str__ = __repr__
