"""The proof that somebody knows a password, without sending it (Secure Remote Password, SRP-6a).

The arithmetic is pycognito's. The exchange of messages is not: its own ends at the first challenge
that it does not know, and with it the session that the answer would need.
"""

import base64
import hashlib
import hmac
import secrets
import warnings
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from pycognito.aws_srp import AWSSRP, generate_hash_device, hex_to_long, long_to_hex

from bucketpass.device import Device
from bucketpass.errors import UnexpectedAnswer
from bucketpass.secret import Secret

# AWSSRP would build a signed client of its own where it is given none.
_NO_CLIENT = object()
_EXPONENT_BITS = 256


class SrpProof:
    """The client's side for one sign-in; `device` None where none is remembered.

    Raises UnexpectedAnswer for parameters that a genuine server does not send: B = 0 mod N would
    let it skip the password (RFC 5054, section 2.5.3).
    """

    def __init__(
        self,
        pool_id: str,
        client_id: str,
        username: str,
        password: Secret,
        device: Device | None = None,
    ) -> None:
        self._device = device
        self._srp: Any = _Srp(username, password.reveal(), pool_id, client_id, client=_NO_CLIENT)

    def opening(self) -> dict[str, str]:
        """The parameters that begin the sign-in."""
        return {**self._srp.get_auth_params(), **self._device_key()}

    def answer(self, challenge: Mapping[str, str]) -> dict[str, str]:
        """The answer to PASSWORD_VERIFIER."""
        self._require_genuine(challenge)
        with warnings.catch_warnings():
            # pycognito 2024.5.1 calls datetime.utcnow(), deprecated since Python 3.12
            warnings.filterwarnings("ignore", message=r"datetime\.datetime\.utcnow")
            try:
                return {
                    **self._srp.process_challenge(challenge, self.opening()),
                    **self._device_key(),
                }
            except (ValueError, KeyError) as error:
                raise UnexpectedAnswer("The user pool's challenge is malformed.") from error

    def device_opening(self, username: str) -> dict[str, str]:
        """The answer to DEVICE_SRP_AUTH."""
        a_value = long_to_hex(self._srp.large_a_value)
        return {"USERNAME": username, "SRP_A": a_value, **self._device_key()}

    def device_answer(self, challenge: Mapping[str, str]) -> dict[str, str]:
        """The answer to DEVICE_PASSWORD_VERIFIER.

        Not pycognito's, whose time stamp follows the locale of the process.
        """
        if self._device is None:
            raise UnexpectedAnswer("The user pool asks for a device that it does not know.")
        self._require_genuine(challenge)
        group, key = self._device.group_key, self._device.key
        stamp = AWSSRP.get_cognito_formatted_timestamp(datetime.now(timezone.utc))
        proof_key = self._srp.get_device_authentication_key(
            group,
            key,
            self._device.password.reveal(),
            hex_to_long(challenge["SRP_B"]),
            challenge["SALT"],
        )
        block = base64.b64decode(challenge["SECRET_BLOCK"])
        message = f"{group}{key}".encode() + block + stamp.encode()
        signature = hmac.new(proof_key, message, hashlib.sha256).digest()
        return {
            "TIMESTAMP": stamp,
            "USERNAME": challenge["USERNAME"],
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
            "DEVICE_KEY": key,
        }

    def _device_key(self) -> dict[str, str]:
        return {"DEVICE_KEY": self._device.key} if self._device else {}

    def _require_genuine(self, challenge: Mapping[str, str]) -> None:
        try:
            public_value = hex_to_long(challenge["SRP_B"])
        except (KeyError, ValueError) as error:
            raise UnexpectedAnswer("The user pool's challenge is malformed.") from error
        if public_value % self._srp.big_n == 0:
            raise UnexpectedAnswer("The user pool's challenge is not genuine (B = 0 mod N).")


class _Srp(AWSSRP):  # type: ignore[misc] # pycognito ships no types
    """pycognito's, with a private exponent that has the length of the security it gives.

    Source: RFC 5054, section 2.5.4: the private value a should be at least 256 bits. pycognito's
    has 1,024, which more than doubles the time that the arithmetic takes.
    """

    def generate_random_small_a(self) -> int:
        return secrets.randbits(_EXPONENT_BITS) | 1 << (_EXPONENT_BITS - 1)


def new_device_password(group_key: str, key: str) -> tuple[Secret, dict[str, str]]:
    """A random password for a device, and the verifier by which Cognito will know it."""
    password, verifier = generate_hash_device(group_key, key)
    return Secret(password), dict(verifier)
