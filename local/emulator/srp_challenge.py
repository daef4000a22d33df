"""The server's half of SRP with a private exponent of a sensible length.

The emulator's is as long as the group's prime, 3,072 bits, which costs a tenth of a second at each
sign-in.
"""

# ruff: noqa: SLF001 # the emulator is untyped, its private names are what is replaced
from typing import Any

from ministack.services import cognito

from local.emulator.replacement import replace
from local.srp_exponent import private_exponent


def install() -> None:
    """Answer with such an exponent."""
    replace(cognito, "_srp_challenge", "7c8e833005a52e5b", _challenge)


def _challenge(
    pool_id: str, user: dict[str, Any] | None, user_id: str, srp_a: str, secret_block: str
) -> tuple[dict[str, str], dict[str, str]]:
    salt = _salt(pool_id, user, user_id)
    exponent = private_exponent()
    # Nobody has the password of somebody who does not exist: any verifier does.
    verifier = (
        pow(cognito._SRP_G, private_exponent(), cognito._SRP_N)
        if user is None
        else cognito._srp_verifier(pool_id, user_id, user.get("_password") or "", salt)
    )
    power = pow(cognito._SRP_G, exponent, cognito._SRP_N)
    public = format((cognito._SRP_K * verifier + power) % cognito._SRP_N, "x")
    asked = {
        "SALT": salt,
        "SECRET_BLOCK": secret_block,
        "SRP_B": public,
        "USERNAME": user_id,
        "USER_ID_FOR_SRP": user_id,
    }
    kept = {
        "srp_a": srp_a,
        "srp_b": public,
        "b": format(exponent, "x"),
        "salt": salt,
        "secret_block": secret_block,
    }
    return asked, kept


def _salt(pool_id: str, user: dict[str, Any] | None, user_id: str) -> str:
    if user is None:
        seed = f"{pool_id}:{user_id}"
    else:
        seed = cognito._attr_list_to_dict(user.get("Attributes", [])).get("sub") or user["Username"]
    salt: str = cognito._srp_salt(seed)
    return salt
