"""Signing in as an application on somebody's machine does: by SRP, without AWS keys."""

import secrets
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pycognito.aws_srp import AWSSRP

from local.emulated_aws import REGION

if TYPE_CHECKING:
    from local.emulated_aws import EmulatedAws

_EXPONENT_BITS: Final = 256


@dataclass(frozen=True, slots=True)
class Tokens:
    """The three tokens of a sign-in, as texts that the repr leaves out."""

    id: str = field(repr=False)
    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignInPlace:
    """Where people sign in: a user pool, its app client, the identity pool that trusts them."""

    user_pool_id: str
    client_id: str
    identity_pool_id: str

    @property
    def login_provider(self) -> str:
        """The user pool's name in an identity pool's `Logins` map."""
        return f"cognito-idp.{REGION}.amazonaws.com/{self.user_pool_id}"


class Srp(AWSSRP):  # type: ignore[misc] # pycognito ships no types
    """pycognito's SRP with a private exponent of a sensible length, which halves the arithmetic.

    Source: RFC 5054, section 2.5.4: the private value a should be at least 256 bits.
    """

    def generate_random_small_a(self) -> int:
        """A number with the highest bit set, so that it is never a short one."""
        return secrets.randbits(_EXPONENT_BITS) | 1 << (_EXPONENT_BITS - 1)


def sign_in(aws: "EmulatedAws", place: SignInPlace, username: str, password: str) -> Tokens:
    """The tokens of that user; a wrong password raises botocore's NotAuthorizedException."""
    srp = Srp(
        username=username,
        password=password,
        pool_id=place.user_pool_id,
        client_id=place.client_id,
        client=aws.public_user_pools,
    )
    with warnings.catch_warnings():
        # pycognito 2024.5.1 calls datetime.utcnow(), deprecated since Python 3.12
        warnings.filterwarnings("ignore", message=r"datetime\.datetime\.utcnow")
        answer = srp.authenticate_user()["AuthenticationResult"]
    return Tokens(answer["IdToken"], answer["AccessToken"], answer["RefreshToken"])


def identity_id(aws: "EmulatedAws", place: SignInPlace, id_token: str) -> str:
    """The identity id that the identity pool gives to the bearer of the ID token."""
    return aws.public_identities.get_id(
        IdentityPoolId=place.identity_pool_id, Logins={place.login_provider: id_token}
    )["IdentityId"]
