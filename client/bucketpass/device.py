"""A device that the user pool remembers, so that it asks for no second factor there."""

import json
from dataclasses import dataclass

from bucketpass.secret import Secret


@dataclass(frozen=True)
class Device:
    """What this machine proves itself with to Cognito; it belongs to one user name."""

    username: str
    key: str
    group_key: str
    password: Secret


def device_to_json(device: Device) -> str:
    """The device as the text that a store keeps."""
    return json.dumps(
        {
            "version": 1,
            "username": device.username,
            "key": device.key,
            "groupKey": device.group_key,
            "password": device.password.reveal(),
        }
    )


def device_from_json(text: str, username: str) -> Device | None:
    """The device that a store kept; None if it is damaged or somebody else's."""
    try:
        kept = json.loads(text)
        if (kept["version"], kept["username"]) != (1, username):
            return None
        return Device(username, kept["key"], kept["groupKey"], Secret(kept["password"]))
    except (ValueError, TypeError, KeyError):
        return None
