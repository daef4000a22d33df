"""Who the verified ID token says is calling."""

from dataclasses import dataclass, field

from shared.secret import Secret


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated caller; built from a verified ID token and from nothing else.

    `issuer` and `client_id` are the token's `iss` and `aud`; `sub` is the immutable UUID of the
    user; `groups` and `roles` keep the token's order; `preferred_role` is None where Cognito
    could not single one out; `expires_at` is the token's `exp` in epoch seconds.
    """

    issuer: str
    client_id: str
    sub: str
    username: str
    groups: tuple[str, ...]
    roles: tuple[str, ...]
    preferred_role: str | None
    expires_at: int
    id_token: Secret = field(repr=False, compare=False)
