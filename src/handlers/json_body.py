"""What a route reads from a JSON body; each refusal names the member that is at fault."""

import json
from collections.abc import Collection, Iterable
from typing import Final, NoReturn

from handlers.request import Event, body_bytes
from shared.errors import InvalidRequest

MAX_BODY_BYTES: Final = 256 * 1024

_SHOWN_CHARACTERS: Final = 100


class JsonObject(dict[str, object]):
    """A JSON object and where in the body it stands: `path` is "" or such as `items[3].`."""

    path: str = ""


def json_object(event: Event, max_bytes: int = MAX_BODY_BYTES) -> JsonObject:
    """The JSON object that is the request's body, whatever its Content-Type (RFC 8259).

    Raises TooLarge above `max_bytes`, and InvalidRequest for another encoding than UTF-8, another
    value than an object, a name that an object has twice, and the numbers that JSON has not.
    """
    content = body_bytes(event, max_bytes)
    try:
        value = json.loads(
            content.decode(), object_pairs_hook=_members, parse_constant=_refuse_constant
        )
    # Besides malformed text: a number of thousands of digits, brackets nested by the thousand.
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(
            f"body is no JSON: {type(error).__name__}",
            detail="The body is a JSON object in UTF-8.",
        ) from error
    if not isinstance(value, JsonObject):
        raise InvalidRequest("body is no object", detail="The body is a JSON object in UTF-8.")
    return value


def only(obj: JsonObject, names: Collection[str]) -> None:
    """Refuse with InvalidRequest a member that is none of `names`."""
    for name in obj:
        if name not in names:
            place, known = _shown(obj.path + name), ", ".join(sorted(names))
            raise InvalidRequest(
                f"unknown member {place!r}", detail=f"{place} is unknown; known are {known}."
            )


def optional_text(obj: JsonObject, name: str) -> str | None:
    """The text `name`, None where it is absent; a null is no text."""
    if name not in obj:
        return None
    value = obj[name]
    if not isinstance(value, str):
        raise _fault(obj, name, "a text")
    return value


def text(obj: JsonObject, name: str) -> str:
    """The text `name`, which has to be there."""
    value = optional_text(obj, name)
    if value is None:
        raise _fault(obj, name, "a text, and has to be there")
    return value


def choice(obj: JsonObject, name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, the first where `name` is absent."""
    value = obj.get(name, choices[0])
    if not isinstance(value, str) or value not in choices:
        raise _fault(obj, name, f"one of {', '.join(choices)}")
    return value


def flag(obj: JsonObject, name: str) -> bool:
    """The truth of `name`, False where it is absent."""
    value = obj.get(name, False)
    if not isinstance(value, bool):
        raise _fault(obj, name, "true or false")
    return value


def optional_whole_number(obj: JsonObject, name: str, least: int, most: int) -> int | None:
    """The whole number `name` between `least` and `most`, None where it is absent."""
    if name not in obj:
        return None
    number = _whole(obj[name])
    if number is None or not least <= number <= most:
        raise _fault(obj, name, _numbers(least, most))
    return number


def whole_number(
    obj: JsonObject, name: str, least: int, most: int, default: int | None = None
) -> int:
    """The whole number `name` between `least` and `most`, which has to be there or a default."""
    number = optional_whole_number(obj, name, least, most)
    if number is not None:
        return number
    if default is None:
        raise _fault(obj, name, f"{_numbers(least, most)}, and has to be there")
    return default


def optional_object(obj: JsonObject, name: str) -> JsonObject | None:
    """The object `name`, None where it is absent."""
    if name not in obj:
        return None
    return _placed(obj, name, obj[name], f"{obj.path}{name}.")


def texts_by_name(obj: JsonObject, name: str) -> dict[str, str]:
    """The object `name` whose members are all texts, empty where it is absent."""
    members = optional_object(obj, name) or JsonObject()
    return {member: text(members, member) for member in members}


def list_of_objects(obj: JsonObject, name: str, most: int) -> list[JsonObject]:
    """The list `name` of 1 to `most` objects, which has to be there."""
    return [
        _placed(obj, f"{name}[{index}]", value, f"{obj.path}{name}[{index}].")
        for index, value in enumerate(_list(obj, name, most))
    ]


def list_of_texts(obj: JsonObject, name: str, most: int) -> list[str]:
    """The list `name` of 1 to `most` texts, which has to be there."""
    texts = []
    for index, value in enumerate(_list(obj, name, most)):
        if not isinstance(value, str):
            raise _fault(obj, f"{name}[{index}]", "a text")
        texts.append(value)
    return texts


def list_of_whole_numbers(
    obj: JsonObject, name: str, most: int, least_number: int, most_number: int
) -> list[int]:
    """The list `name` of 1 to `most` whole numbers within two bounds, which has to be there."""
    numbers = []
    for index, value in enumerate(_list(obj, name, most)):
        number = _whole(value)
        if number is None or not least_number <= number <= most_number:
            raise _fault(obj, f"{name}[{index}]", _numbers(least_number, most_number))
        numbers.append(number)
    return numbers


def _list(obj: JsonObject, name: str, most: int) -> list[object]:
    value = obj.get(name)
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise _fault(obj, name, f"a list of 1 to {most:,} entries")
    return value


def _placed(obj: JsonObject, name: str, value: object, path: str) -> JsonObject:
    if not isinstance(value, JsonObject):
        raise _fault(obj, name, "an object")
    value.path = path
    return value


def _whole(value: object) -> int | None:
    # 3.0 is an integer to JSON Schema; true is none, though Python counts it as one.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _numbers(least: int, most: int) -> str:
    return f"a whole number from {least:,} to {most:,}"


def _fault(obj: JsonObject, name: str, what: str) -> InvalidRequest:
    place = _shown(obj.path + name)
    return InvalidRequest(f"{place} is not {what}", detail=f"{place} is {what}.")


def _shown(name: str) -> str:
    return name if len(name) <= _SHOWN_CHARACTERS else f"{name[:_SHOWN_CHARACTERS]}…"


def _members(pairs: Iterable[tuple[str, object]]) -> JsonObject:
    # RFC 8259, section 4: readers of an object with two members of one name disagree about it.
    members = JsonObject()
    for name, value in pairs:
        if name in members:
            raise InvalidRequest(
                f"member {_shown(name)!r} twice", detail=f"{_shown(name)} stands there twice."
            )
        members[name] = value
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidRequest(f"the body has {name}", detail=f"JSON has no {name}.")
