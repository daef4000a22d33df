"""Tokens made on the spot: a good one of each kind, and the parts to spoil one.

Keys are named; the same name is the same key for the whole run.
"""

import base64
import json
from collections.abc import Callable, Mapping
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from shared.access_token import AccessTokenVerifier
from shared.id_token import IdTokenVerifier
from shared.signing_keys import SigningKeys

NOW = 1_790_000_000
ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example01"
CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado"
SECOND_CLIENT_ID = "7h57kf5cpq17m0eml12EXAMPLE"
SUB = "9f3c1e52-7a41-4d0e-8a59-6f2f0c6f1b7d"
EDITORS_ROLE = "arn:aws:iam::123456789012:role/bucketpass-editors"
AUDITORS_ROLE = "arn:aws:iam::123456789012:role/bucketpass-auditors"


# What a changed member has to be for the token to lack it.
class _Absent:
    """Removes a member; its repr is the same in every process that collects tests."""

    def __repr__(self):
        return "ABSENT"


ABSENT = _Absent()

Signer = Callable[[rsa.RSAPrivateKey, bytes], bytes]


@cache
def private_key(name="live", bits=2048, exponent=65537):
    del name
    return rsa.generate_private_key(public_exponent=exponent, key_size=bits)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def rs256(key, signed):
    return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def changed(members: Mapping[str, object], changes: Mapping[str, object] | None) -> dict:
    merged = {**members, **(changes or {})}
    return {name: value for name, value in merged.items() if value is not ABSENT}


def header(changes=None) -> bytes:
    return json.dumps(changed({"kid": "key-live", "alg": "RS256"}, changes)).encode()


def id_claims(changes=None) -> bytes:
    members = {
        "sub": SUB,
        "cognito:groups": ["editors"],
        "email_verified": True,
        "cognito:preferred_role": EDITORS_ROLE,
        "iss": ISSUER,
        "cognito:username": "alice",
        "origin_jti": "5b9f50a3-05da-454a-8b99-b79c2349de77",
        "cognito:roles": [EDITORS_ROLE],
        "aud": CLIENT_ID,
        "event_id": "f0a0b0c0-4a1c-4e6e-9d6f-7e6f5c1a2b3d",
        "token_use": "id",
        "auth_time": NOW - 100,
        "exp": NOW + 3500,
        "iat": NOW - 100,
        "jti": "ed7a2f1c-3c7c-4c63-9a6d-2f6a0e2f4b11",
        "email": "alice@example.com",
    }
    return json.dumps(changed(members, changes)).encode()


def access_claims(changes=None) -> bytes:
    members = {
        "sub": SUB,
        "cognito:groups": ["editors"],
        "iss": ISSUER,
        "version": 2,
        "client_id": CLIENT_ID,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": NOW - 100,
        "exp": NOW + 3500,
        "iat": NOW - 100,
        "jti": "1d7a2f1c-3c7c-4c63-9a6d-2f6a0e2f4b11",
        "username": "alice",
    }
    return json.dumps(changed(members, changes)).encode()


def signed(header_json: bytes, claims_json: bytes, key=None, signer: Signer = rs256) -> str:
    """The compact token; `key` is a private key, the live one where None."""
    text = f"{b64(header_json)}.{b64(claims_json)}"
    return f"{text}.{b64(signer(key or private_key(), text.encode()))}"


def id_token(claims=None, head=None, key=None) -> str:
    """An ID token with changed members."""
    return signed(header(head), id_claims(claims), key)


def access_token(claims=None, key=None) -> str:
    return signed(header(), access_claims(claims), key)


def jwk(kid="key-live", key=None, changes=None) -> dict:
    numbers = (key or private_key()).public_key().public_numbers()
    members = {
        "alg": "RS256",
        "e": b64(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")),
        "kid": kid,
        "kty": "RSA",
        "n": b64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
        "use": "sig",
    }
    return changed(members, changes)


def key_set(*keys: dict) -> bytes:
    """The pool's key document; by default the key for ID tokens and the one for access tokens."""
    published = keys or (jwk(), jwk("key-second", private_key("second")))
    return json.dumps({"keys": list(published)}).encode()


def verifier(fetch=key_set, clients=(CLIENT_ID, SECOND_CLIENT_ID), now=NOW) -> IdTokenVerifier:
    keys = SigningKeys(fetch, clock=lambda: now)
    return IdTokenVerifier(ISSUER, clients, keys, clock=lambda: now)


def access_verifier(
    fetch=key_set, clients=(CLIENT_ID, SECOND_CLIENT_ID), now=NOW
) -> AccessTokenVerifier:
    keys = SigningKeys(fetch, clock=lambda: now)
    return AccessTokenVerifier(ISSUER, clients, keys, clock=lambda: now)
