"""Signing in as an application on somebody's machine does: by SRP, without AWS keys."""

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pycognito.aws_srp import AWSSRP

from local.emulated_aws import REGION
from local.srp_exponent import private_exponent

if TYPE_CHECKING:
    from botocore.client import BaseClient

    from local.emulated_aws import EmulatedAws


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


def sign_in(aws: "EmulatedAws", place: SignInPlace, username: str, password: str) -> Tokens:
    """The tokens of that user; a wrong password raises botocore's NotAuthorizedException."""
    answer = result_of_srp(
        aws.public_user_pools, place.user_pool_id, place.client_id, username, password
    )
    return Tokens(answer["IdToken"], answer["AccessToken"], answer["RefreshToken"])


def result_of_srp(
    user_pools: "BaseClient", pool_id: str, client_id: str, username: str, password: str
) -> dict[str, Any]:
    """Cognito's AuthenticationResult for that user; raises as `sign_in` does."""
    srp = _Srp(username, password, pool_id, client_id, client=user_pools)
    with warnings.catch_warnings():
        # pycognito 2024.5.1 calls datetime.utcnow(), deprecated since Python 3.12
        warnings.filterwarnings("ignore", message=r"datetime\.datetime\.utcnow")
        result: dict[str, Any] = srp.authenticate_user()["AuthenticationResult"]
    return result


class _Srp(AWSSRP):  # type: ignore[misc] # pycognito ships no types
    """pycognito's, whose private exponent of 1,024 bits more than doubles the arithmetic."""

    def generate_random_small_a(self) -> int:
        return private_exponent()


def identity_id(aws: "EmulatedAws", place: SignInPlace, id_token: str) -> str:
    """The identity id that the identity pool gives to the bearer of the ID token."""
    return aws.public_identities.get_id(
        IdentityPoolId=place.identity_pool_id, Logins={place.login_provider: id_token}
    )["IdentityId"]
