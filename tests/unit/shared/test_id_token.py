import base64
import hashlib
import hmac
import json
from functools import partial

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import (
    InvalidToken,
    TokenExpired,
    Unauthenticated,
    WrongTokenUse,
)
from shared.id_token import IdTokenVerifier
from shared.principal import Principal
from shared.secret import Secret
from shared.signing_keys import SigningKeys
from shared.upstream_errors import KeysUnavailable
from tests.id_tokens import (
    ABSENT,
    AUDITORS_ROLE,
    CLIENT_ID,
    EDITORS_ROLE,
    ISSUER,
    NOW,
    SECOND_CLIENT_ID,
    SUB,
    access_claims,
    access_token,
    b64,
    header,
    id_claims,
    id_token,
    jwk,
    key_set,
    private_key,
    rs256,
    signed,
    unb64,
    verifier,
)

DAY = 86_400
OTHER_ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other0001"


def cube_key():
    """A key with the smallest exponent, which forgeries of the padding need."""
    return private_key("cube", exponent=3)


def published():
    return key_set(jwk(), jwk("key-second", private_key("second")), jwk("key-cube", cube_key()))


def verify(token, **options):
    return verifier(fetch=published, **options).verify(Secret(token))


# --- good tokens -----------------------------------------------------------------------------


def test_a_good_token_gives_the_principal():
    """Every field comes from the verified claims, and the token goes along masked."""
    token = id_token()
    principal = verify(token)
    assert principal == Principal(
        issuer=ISSUER,
        client_id=CLIENT_ID,
        sub=SUB,
        username="alice",
        groups=("editors",),
        roles=(EDITORS_ROLE,),
        preferred_role=EDITORS_ROLE,
        expires_at=NOW + 3500,
        id_token=Secret(token),
    )
    assert principal.id_token.reveal() == token
    assert token not in repr(principal)


GOOD = {
    "typ": partial(id_token, head={"typ": "JWT"}),
    "second key": partial(id_token, head={"kid": "key-second"}, key=None),
    "second client": partial(id_token, {"aud": SECOND_CLIENT_ID}),
    "last second": partial(id_token, {"exp": NOW + 1}),
    "longest life": partial(id_token, {"iat": NOW - 5, "exp": NOW - 5 + DAY}),
    "issued ahead": partial(id_token, {"iat": NOW + 60}),
    "nbf passed": partial(id_token, {"nbf": NOW}),
    "nbf ahead": partial(id_token, {"nbf": NOW + 60}),
    "no auth_time": partial(id_token, {"auth_time": ABSENT}),
    "further claims": partial(
        id_token, {"custom:tier": "gold", "score": 1.5, "address": {"a": [{}]}}
    ),
    "brackets in a text": partial(id_token, {"custom:pattern": "[{" * 500}),
    "deep as allowed": partial(id_token, {"deep": [[[[[[[[[[[[[[]]]]]]]]]]]]]]}),
    "white space in the JSON": lambda: signed(header(), b" " + id_claims() + b"\n"),
}


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_of_good_token_verifies(name):
    """The strictness ends where Cognito's own variety begins."""
    token = GOOD[name]()
    if name == "second key":
        token = id_token(head={"kid": "key-second"}, key=private_key("second"))
    assert verify(token).sub == SUB


@pytest.mark.parametrize(
    ("claims", "groups", "roles", "preferred_role"),
    [
        (
            {
                "cognito:groups": ABSENT,
                "cognito:roles": ABSENT,
                "cognito:preferred_role": ABSENT,
            },
            (),
            (),
            None,
        ),
        (
            {"cognito:groups": [], "cognito:roles": [], "cognito:preferred_role": ABSENT},
            (),
            (),
            None,
        ),
        (
            {
                "cognito:groups": ["editors", "auditors"],
                "cognito:roles": [AUDITORS_ROLE, EDITORS_ROLE],
                "cognito:preferred_role": ABSENT,
            },
            ("editors", "auditors"),
            (AUDITORS_ROLE, EDITORS_ROLE),
            None,
        ),
        (
            {
                "cognito:groups": ["a,b", "[x]", '"q"', "Gruppe-Ä", "組", "🦊"],
                "cognito:roles": [AUDITORS_ROLE, EDITORS_ROLE],
                "cognito:preferred_role": AUDITORS_ROLE,
            },
            ("a,b", "[x]", '"q"', "Gruppe-Ä", "組", "🦊"),
            (AUDITORS_ROLE, EDITORS_ROLE),
            AUDITORS_ROLE,
        ),
    ],
    ids=["absent", "empty", "several without a preferred one", "odd names"],
)
def test_groups_and_roles_are_kept_as_they_are(claims, groups, roles, preferred_role):
    """Order and spelling are the token's; what is absent is empty."""
    principal = verify(id_token(claims))
    assert (principal.groups, principal.roles) == (groups, roles)
    assert principal.preferred_role == preferred_role


def test_a_token_of_the_maximum_size_verifies_and_one_more_character_does_not():
    """8,192 characters are the limit, on the token itself."""
    size = 8_192 - len(id_token({"fill": ""}))
    tokens = [id_token({"fill": "x" * (size * 3 // 4 + more)}) for more in range(-4, 8)]
    sizes = {len(token): token for token in tokens}
    for length, token in sizes.items():
        if length <= 8_192:
            assert verify(token).sub == SUB
        else:
            with pytest.raises(InvalidToken) as refusal:
                verify(token)
            assert refusal.value.reason == "oversized"
    assert min(sizes) <= 8_192 < max(sizes)


# --- bad tokens: (name, reason, token) ---------------------------------------------------------


def pem(form=serialization.PublicFormat.SubjectPublicKeyInfo):
    return private_key().public_key().public_bytes(serialization.Encoding.PEM, form)


def der():
    return (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def modulus_text():
    return jwk()["n"].encode()


HMAC_SECRETS = {
    "PEM": pem,
    "PEM without newline": lambda: pem().rstrip(b"\n"),
    "PEM with CRLF": lambda: pem().replace(b"\n", b"\r\n"),
    "PKCS1 PEM": lambda: pem(serialization.PublicFormat.PKCS1),
    "DER": der,
    "base64 of DER": lambda: base64.b64encode(der()).rstrip(b"="),
    "modulus": lambda: unb64(jwk()["n"]),
    "modulus text": modulus_text,
    "JWK": lambda: json.dumps(jwk()).encode(),
    "JWKS": published,
    "empty": bytes,
    "kid": lambda: b"key-live",
    "client id": CLIENT_ID.encode,
}


def with_hmac(secret, alg="HS256", digest=hashlib.sha256):
    def sign(_key, text):
        return hmac.new(secret(), text, digest).digest()

    return signed(header({"alg": alg}), id_claims(), signer=sign)


def with_rsa(scheme, digest, alg="RS256"):
    def sign(key, text):
        return key.sign(text, scheme, digest)

    return signed(header({"alg": alg}), id_claims(), signer=sign)


def pss():
    return padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)


def with_elliptic(alg):
    def sign(_key, text):
        key = ec.generate_private_key(ec.SECP256R1())
        r, s = decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return signed(header({"alg": alg}), id_claims(), signer=sign)


def with_signature(change):
    """The good token with another signature: `change` is given the right one."""
    text, _, signature = id_token().rpartition(".")
    return f"{text}.{b64(change(unb64(signature)))}"


def number(value):
    return value.to_bytes(256, "big")


def live_modulus():
    return private_key().public_key().public_numbers().n


def cube_root(value):
    low, high = 0, 1 << (value.bit_length() // 3 + 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**3 < value else (low, middle)
    return low


DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def with_forged_padding(filling):
    """A cube whose leading bytes look like PKCS #1 v1.5 and whose rest nobody should forgive."""

    def sign(_key, text):
        block = b"\x00\x01" + filling + b"\x00" + DIGEST_INFO + hashlib.sha256(text).digest()
        return number(cube_root(int.from_bytes(block.ljust(256, b"\x00"), "big")))

    return signed(header({"kid": "key-cube"}), id_claims(), signer=sign)


def respelt(change):
    """The good token's three segments, changed as texts after signing."""
    return ".".join(change(*id_token().split(".")))


def signed_segments(head, claims):
    """A truly signed token whose first two segments are the given texts."""
    text = f"{head}.{claims}"
    return f"{text}.{b64(rs256(private_key(), text.encode()))}"


def unused_bits(segment):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]


def odd_claims():
    """Claims whose encoding leaves unused bits in its last character."""
    for blanks in range(3):
        segment = b64(id_claims() + b" " * blanks)
        if len(segment) % 4 == 2:
            return segment
    raise AssertionError


def head_json(text):
    return signed(text, id_claims())


def claims_json(text):
    return signed(header(), text)


def spliced(member):
    """The good claims with one more member, written by hand."""
    return claims_json(b"{" + member + b"," + id_claims()[1:])


def claim(name, value):
    return partial(id_token, {name: value})


def head(name, value):
    return partial(id_token, None, {name: value})


def rows(reason, make, name, values):
    return [
        (f"{name} {number} {value!r:.40}", reason, make(name, value))
        for number, value in enumerate(values)
    ]


SEGMENTS = [
    ("empty text", "segments", lambda: ""),
    ("a word", "segments", lambda: "token"),
    ("two segments", "segments", lambda: id_token().rpartition(".")[0]),
    ("four segments", "segments", lambda: id_token() + ".x"),
    ("a dot at the end", "segments", lambda: id_token() + "."),
    ("a dot in front", "segments", lambda: "." + id_token()),
    ("five segments as of a JWE", "segments", lambda: "a.b.c.d.e"),
    ("detached claims", "claims_not_json", lambda: signed_segments(b64(header()), "")),
    ("only dots", "header_not_json", lambda: ".."),
    ("8 kB of dots", "segments", lambda: "." * 8_192),
    ("a million dots", "oversized", lambda: "." * 1_000_000),
    ("200 kB", "oversized", lambda: id_token({"fill": "x" * 200_000})),
    ("one more than the limit", "oversized", lambda: "a" * 8_193),
    ("JSON serialisation", "segments", lambda: json.dumps({"payload": "", "signatures": []})),
    ("ideographic dots", "not_ascii", lambda: id_token().replace(".", "\u3002")),
    ("full-width letter", "not_ascii", lambda: "\uff45" + id_token()[1:]),
    ("lone surrogate", "not_ascii", lambda: id_token() + "\ud800"),
    ("escaped dots", "segments", lambda: id_token().replace(".", "%2e")),
    ("nested token", "claims_not_json", lambda: claims_json(id_token().encode())),
    ("nested with cty", "header_name", lambda: signed(header({"cty": "JWT"}), id_token().encode())),
]

SPELLING = [
    ("padded header", "header_not_base64url", lambda: respelt(lambda h, c, s: (h + "=", c, s))),
    ("padded claims", "claims_not_base64url", lambda: respelt(lambda h, c, s: (h, c + "==", s))),
    ("padded signature", "signature_not_base64url", lambda: id_token() + "=="),
    ("newline after", "signature_not_base64url", lambda: id_token() + "\n"),
    ("blank in front", "header_not_base64url", lambda: " " + id_token()),
    ("NUL after", "signature_not_base64url", lambda: id_token() + "\0"),
    ("tab inside", "claims_not_base64url", lambda: respelt(lambda h, c, s: (h, "\t" + c, s))),
    ("foreign character", "claims_not_base64url", lambda: respelt(lambda h, c, s: (h, c + "!", s))),
    ("impossible length", "header_not_base64url", lambda: "a." + id_token().partition(".")[2]),
    (
        "unused bits of the signature",
        "signature_not_base64url",
        lambda: respelt(lambda h, c, s: (h, c, unused_bits(s))),
    ),
    (
        "unused bits of signed claims",
        "claims_not_base64url",
        lambda: signed_segments(b64(header()), unused_bits(odd_claims())),
    ),
    (
        "padded and signed claims",
        "claims_not_base64url",
        lambda: signed_segments(b64(header()), odd_claims() + "=="),
    ),
    (
        "standard alphabet, signed",
        "claims_not_base64url",
        lambda: signed_segments(
            b64(header()),
            base64.b64encode(id_claims({"x": "~~~???"}) + b'  "\xff\xfe\xfd').rstrip(b"=").decode(),
        ),
    ),
    (
        "line break inside, signed",
        "claims_not_base64url",
        lambda: signed_segments(
            b64(header()), b64(id_claims())[:76] + "\n" + b64(id_claims())[76:]
        ),
    ),
]

HEADERS = [
    *rows(
        "alg",
        head,
        "alg",
        [
            *("none", "None", "NONE", "nOnE", "", " none", "rs256", "RS256 ", "RS-256", "Rs256"),
            *("RS384", "RS512", "PS256", "ES256", "EdDSA", "HS256", "RSA1_5", "dir"),
            *(None, 0, 256, True, ["RS256"], {"RS256": 1}, ABSENT),
        ],
    ),
    *rows(
        "kid",
        head,
        "kid",
        [ABSENT, None, "", 1, 1.5, True, ["key-live"], {"key-live": 1}, "k" * 129, "k" * 4_096],
    ),
    *rows(
        "unknown_kid",
        head,
        "kid",
        [
            *(
                "KEY-LIVE",
                " key-live",
                "key-live ",
                "key-live\0",
                "key-liv",
                "key-live\n",
                "k" * 128,
            ),
            *("' OR 1=1 --", "../../dev/null", "/etc/passwd", "\0", "*", "__class__", "\ud800"),
            "https://attacker.example/jwks.json",
        ],
    ),
    *rows(
        "typ", head, "typ", ["at+jwt", "jwt", "JWS", "JOSE", "application/jwt", "", None, ["JWT"]]
    ),
    *(
        (f"header {name}", "header_name", head(name, value))
        for name, value in {
            "jku": "https://attacker.example/jwks.json",
            "x5u": "https://attacker.example/cert.pem",
            "x5c": ["MIIB"],
            "x5t": "abc",
            "x5t#S256": "abc",
            "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "key-live"},
            "crit": ["exp"],
            "b64": False,
            "zip": "DEF",
            "enc": "A256GCM",
            "cty": "JWT",
            "iss": ISSUER,
            "epk": {},
            "p2c": 1_000_000,
            "": "",
            "Alg": "none",
            "ALG": "RS256",
            "KID": "key-live",
        }.items()
    ),
    ("empty crit", "header_name", head("crit", [])),
    ("b64 true", "header_name", partial(id_token, None, {"b64": True})),
    (
        "crit and b64",
        "header_name",
        partial(id_token, None, {"crit": ["b64"], "b64": False}),
    ),
    (
        "own key embedded",
        "header_name",
        lambda: id_token(
            head={"jwk": jwk(key=private_key("attacker"))}, key=private_key("attacker")
        ),
    ),
    ("alg twice", "header_duplicate_name", lambda: head_json(b'{"alg":"none",' + header()[1:])),
    ("kid twice", "header_duplicate_name", lambda: head_json(b'{"kid":"key-live",' + header()[1:])),
    (
        "alg twice, once escaped",
        "header_duplicate_name",
        lambda: head_json(b'{"\\u0061lg":"none",' + header()[1:]),
    ),
    ("header NaN", "header_not_finite", lambda: head_json(b'{"x":NaN,' + header()[1:])),
    ("header BOM", "header_not_json", lambda: head_json(b"\xef\xbb\xbf" + header())),
    ("header UTF-16", "header_not_json", lambda: head_json(header().decode().encode("utf-16"))),
    ("header bad UTF-8", "header_not_json", lambda: head_json(header()[:-2] + b'\xff"}')),
    ("header overlong UTF-8", "header_not_json", lambda: head_json(b'{"\xc1\xa1lg":1}')),
    ("header empty", "header_not_json", lambda: head_json(b"")),
    ("header not JSON", "header_not_json", lambda: head_json(b"alg=RS256")),
    ("header single quotes", "header_not_json", lambda: head_json(header().replace(b'"', b"'"))),
    ("header with a rest", "header_not_json", lambda: head_json(header() + b"{}")),
    ("header comment", "header_not_json", lambda: head_json(header() + b"//")),
    ("header list", "header_not_an_object", lambda: head_json(b"[" + header() + b"]")),
    ("header text", "header_not_an_object", lambda: head_json(b'"RS256"')),
    ("header null", "header_not_an_object", lambda: head_json(b"null")),
    ("header number", "header_not_an_object", lambda: head_json(b"1")),
    ("header members none", "alg", lambda: head_json(b"{}")),
    ("header nested 2,000", "header_too_deep", lambda: head_json(nested(2_000, header()))),
    ("header nested 17", "header_too_deep", lambda: head_json(nested(17, header()))),
]


def nested(levels, members):
    return b'{"x":' + b"[" * levels + b"]" * levels + b"," + members[1:]


SIGNATURES = [
    *(
        (f"HS256 with {name}", "alg", partial(with_hmac, secret))
        for name, secret in HMAC_SECRETS.items()
    ),
    *(
        (f"HMAC with {name} under RS256", "signature_length", partial(with_hmac, secret, "RS256"))
        for name, secret in HMAC_SECRETS.items()
    ),
    ("HS512 with PEM", "alg", partial(with_hmac, pem, "HS512", hashlib.sha512)),
    ("RS384, truly signed", "alg", lambda: with_rsa(padding.PKCS1v15(), hashes.SHA384(), "RS384")),
    ("RS512, truly signed", "alg", lambda: with_rsa(padding.PKCS1v15(), hashes.SHA512(), "RS512")),
    ("PS256, truly signed", "alg", lambda: with_rsa(pss(), hashes.SHA256(), "PS256")),
    ("ES256, truly signed", "alg", lambda: with_elliptic("ES256")),
    ("PSS under RS256", "bad_signature", lambda: with_rsa(pss(), hashes.SHA256())),
    ("SHA-1 under RS256", "bad_signature", lambda: with_rsa(padding.PKCS1v15(), hashes.SHA1())),  # noqa: S303 # the attack
    ("SHA-384 under RS256", "bad_signature", lambda: with_rsa(padding.PKCS1v15(), hashes.SHA384())),
    ("SHA-512 under RS256", "bad_signature", lambda: with_rsa(padding.PKCS1v15(), hashes.SHA512())),
    ("ECDSA under RS256", "signature_length", lambda: with_elliptic("RS256")),
    ("none with the signature left out", "alg", lambda: signed_nothing({"alg": "none"})),
    ("signature left out", "signature_length", lambda: signed_nothing(None)),
    ("signature cut", "signature_length", lambda: with_signature(lambda s: s[:-1])),
    ("signature cut in front", "signature_length", lambda: with_signature(lambda s: s[1:])),
    ("signature longer", "signature_length", lambda: with_signature(lambda s: s + b"\0")),
    ("leading zero", "signature_length", lambda: with_signature(lambda s: b"\0" + s)),
    ("signature twice", "signature_length", lambda: with_signature(lambda s: s + s)),
    ("first bit", "bad_signature", lambda: with_signature(lambda s: bytes([s[0] ^ 0x80]) + s[1:])),
    ("last bit", "bad_signature", lambda: with_signature(lambda s: s[:-1] + bytes([s[-1] ^ 1]))),
    ("signature reversed", "bad_signature", lambda: with_signature(lambda s: s[::-1])),
    ("all zero", "bad_signature", lambda: with_signature(lambda _: bytes(256))),
    ("all ones", "bad_signature", lambda: with_signature(lambda _: b"\xff" * 256)),
    ("one", "bad_signature", lambda: with_signature(lambda _: number(1))),
    ("n - 1", "bad_signature", lambda: with_signature(lambda _: number(live_modulus() - 1))),
    ("n", "bad_signature", lambda: with_signature(lambda _: number(live_modulus()))),
    (
        "n - signature",
        "bad_signature",
        lambda: with_signature(lambda s: number(live_modulus() - int.from_bytes(s, "big"))),
    ),
    ("cube, short padding", "bad_signature", lambda: with_forged_padding(b"\xff" * 8)),
    ("cube, no padding", "bad_signature", lambda: with_forged_padding(b"")),
    ("cube, one byte", "bad_signature", lambda: with_forged_padding(b"\xff")),
    ("kid of another live key", "bad_signature", head("kid", "key-second")),
    ("key of another pool", "bad_signature", lambda: id_token(key=private_key("other pool"))),
    (
        "token of another pool",
        "unknown_kid",
        lambda: id_token({"iss": OTHER_ISSUER}, {"kid": "k2"}, private_key("other pool")),
    ),
    (
        "another pool under our kid",
        "bad_signature",
        lambda: id_token({"iss": OTHER_ISSUER}, key=private_key("other pool")),
    ),
    ("claims of another token", "bad_signature", lambda: exchanged(1)),
    ("header of another token", "bad_signature", lambda: exchanged(0)),
    (
        "expired and forged",
        "bad_signature",
        lambda: id_token({"exp": NOW - 5}, key=private_key("second")),
    ),
    ("access and forged", "bad_signature", lambda: access_token(key=private_key("second"))),
    (
        "access token without a signature",
        "alg",
        lambda: f"{b64(header({'alg': 'none'}))}.{b64(access_claims())}.",
    ),
]


def signed_nothing(changes):
    return f"{b64(header(changes))}.{b64(id_claims())}."


def exchanged(segment):
    mine = id_token({"sub": "00000000-0000-4000-8000-000000000000"}, {"typ": "JWT"}).split(".")
    parts = id_token().split(".")
    parts[segment] = mine[segment]
    return ".".join(parts)


NO_TIMES = [ABSENT, None, str(NOW), "", [NOW], {}, True, False, -1, 1.5, float(NOW), 1e30]

CLAIMS = [
    *(
        (f"{name} twice", "claims_duplicate_name", partial(spliced, f'"{name}":{value}'.encode()))
        for name, value in {
            "sub": '"00000000-0000-4000-8000-000000000000"',
            "exp": 9_999_999_999,
            "iss": f'"{ISSUER}"',
            "aud": f'"{CLIENT_ID}"',
            "token_use": '"access"',
            "cognito:groups": "[]",
            "cognito:roles": "[]",
            "email": "null",
        }.items()
    ),
    (
        "sub twice, once escaped",
        "claims_duplicate_name",
        partial(spliced, b'"\\u0073ub":"00000000-0000-4000-8000-000000000000"'),
    ),
    ("a name twice inside", "claims_duplicate_name", partial(spliced, b'"a":{"b":1,"b":2}')),
    *(
        (f"number {text}", "claims_not_finite", partial(spliced, f'"x":{text}'.encode()))
        for text in ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "[[1e999]]")
    ),
    ("exp 1e999", "claims_not_finite", lambda: exp_text(b"1e999")),
    ("exp Infinity", "claims_not_finite", lambda: exp_text(b"Infinity")),
    ("exp NaN", "claims_not_finite", lambda: exp_text(b"NaN")),
    ("exp of 5,000 digits", "claims_not_json", lambda: exp_text(b"9" * 5_000)),
    ("exp of 4,000 digits", "life", lambda: exp_text(b"9" * 4_000)),
    ("exp octal", "claims_not_json", lambda: exp_text(b"0179000000")),
    ("exp hexadecimal", "claims_not_json", lambda: exp_text(b"0x6ab0e380")),
    ("exp exponent", "exp_not_integer", lambda: exp_text(b"179e7")),
    ("iat of 4,000 digits", "iat_in_future", claim("iat", 10**4_000)),
    ("nbf of 4,000 digits", "nbf_in_future", claim("nbf", 10**4_000)),
    ("claims BOM", "claims_not_json", lambda: claims_json(b"\xef\xbb\xbf" + id_claims())),
    (
        "claims UTF-16",
        "claims_not_json",
        lambda: claims_json(id_claims().decode().encode("utf-16")),
    ),
    (
        "claims UTF-32",
        "claims_not_json",
        lambda: claims_json(id_claims().decode().encode("utf-32")),
    ),
    (
        "claims bad UTF-8",
        "claims_not_json",
        lambda: claims_json(id_claims().replace(b"alice", b"\xff")),
    ),
    ("claims surrogate in UTF-8", "claims_not_json", lambda: spliced(b'"x":"\xed\xa0\x80"')),
    ("claims raw control", "claims_not_json", lambda: spliced(b'"x":"\x01"')),
    ("claims empty", "claims_not_json", lambda: claims_json(b"")),
    ("claims with a rest", "claims_not_json", lambda: claims_json(id_claims() + id_claims())),
    ("claims trailing comma", "claims_not_json", lambda: claims_json(id_claims()[:-1] + b",}")),
    ("claims list", "claims_not_an_object", lambda: claims_json(b"[" + id_claims() + b"]")),
    ("claims null", "claims_not_an_object", lambda: claims_json(b"null")),
    ("claims text", "claims_not_an_object", lambda: claims_json(b'"alice"')),
    ("claims none", "issuer", lambda: claims_json(b"{}")),
    ("claims nested 2,500", "claims_too_deep", lambda: claims_json(nested(2_500, id_claims()))),
    ("claims nested 16", "claims_too_deep", lambda: claims_json(nested(16, id_claims()))),
    *rows(
        "issuer",
        claim,
        "iss",
        [
            *(ABSENT, None, "", [ISSUER], {ISSUER: 1}, True, OTHER_ISSUER),
            *(ISSUER + "/", ISSUER[:-1], ISSUER + "x", " " + ISSUER, ISSUER + "\0"),
            *(ISSUER.upper(), ISSUER.replace("https", "http"), ISSUER.replace("https://", "")),
            ISSUER.replace("eu-central-1.", "eu-west-1."),
            ISSUER.replace("https://", "https://user@"),
            ISSUER.replace("amazonaws.com", "amazonaws.com.attacker.example"),
            ISSUER.replace("/eu-", "//eu-"),
            ISSUER.replace("amazonaws.com/", "amazonaws.com:443/"),
        ],
    ),
    *rows(
        "audience",
        claim,
        "aud",
        [
            *(ABSENT, None, "", [CLIENT_ID], [CLIENT_ID, "x"], {CLIENT_ID: 1}, [], True, 1),
            *(CLIENT_ID.upper(), CLIENT_ID[:-1], CLIENT_ID + "x", " " + CLIENT_ID, "*"),
            f"{CLIENT_ID},{SECOND_CLIENT_ID}",
            "1another2client3of4the5pool",
        ],
    ),
    ("azp instead of aud", "audience", partial(id_token, {"aud": ABSENT, "azp": CLIENT_ID})),
    (
        "client_id instead of aud",
        "audience",
        partial(id_token, {"aud": ABSENT, "client_id": CLIENT_ID}),
    ),
    *rows(
        "token_use",
        claim,
        "token_use",
        [ABSENT, None, "", "ID", "Id", "id ", "refresh", ["id"], ["id", "access"], {"id": 1}, True],
    ),
    ("access token of another client", "client_id", partial(access_token, {"client_id": "other"})),
    ("access token without a client", "client_id", partial(access_token, {"client_id": ABSENT})),
    (
        "access token with aud only",
        "client_id",
        partial(access_token, {"client_id": ABSENT, "aud": CLIENT_ID}),
    ),
    (
        "access token, client in a list",
        "client_id",
        partial(access_token, {"client_id": [CLIENT_ID]}),
    ),
    ("access token of another pool", "issuer", partial(access_token, {"iss": OTHER_ISSUER})),
    ("access token without token_use", "token_use", partial(access_token, {"token_use": ABSENT})),
    ("access token called an ID token", "audience", partial(access_token, {"token_use": "id"})),
    *rows("exp_not_integer", claim, "exp", NO_TIMES),
    *rows("iat_not_integer", claim, "iat", NO_TIMES),
    *rows("nbf_not_integer", claim, "nbf", NO_TIMES[1:]),
    ("exp in 100 years", "life", claim("exp", NOW + 100 * 365 * DAY)),
    ("life of a day and a second", "life", partial(id_token, {"iat": NOW, "exp": NOW + DAY + 1})),
    ("old iat", "life", partial(id_token, {"iat": 0})),
    ("exp before iat", "life", partial(id_token, {"iat": NOW, "exp": NOW - 1})),
    ("exp at iat", "life", partial(id_token, {"iat": NOW - 9, "exp": NOW - 9})),
    ("exp zero", "life", claim("exp", 0)),
    ("iat 61 s ahead", "iat_in_future", claim("iat", NOW + 61)),
    ("iat in milliseconds", "iat_in_future", claim("iat", NOW * 1000)),
    ("nbf 61 s ahead", "nbf_in_future", claim("nbf", NOW + 61)),
    *rows(
        "sub",
        claim,
        "sub",
        [
            *(ABSENT, None, "", 1, True, [SUB], {SUB: 1}, "*", "..", "alice", SUB.upper()),
            *(
                SUB + "\n",
                " " + SUB,
                SUB + "/..",
                SUB[:-1],
                SUB + "0",
                SUB * 100,
                SUB.replace("-", ""),
            ),
            *("{" + SUB + "}", "urn:uuid:" + SUB, SUB[:-1] + "g", "${aws:username}"),
            SUB[:-1] + "\uff11",
        ],
    ),
    *rows(
        "username",
        claim,
        "cognito:username",
        [ABSENT, None, "", 1, True, ["alice"], {}, "al\nice", "al\0ice", "\x7f", "\x85", "\ud800"],
    ),
    (
        "username instead",
        "username",
        partial(id_token, {"cognito:username": ABSENT, "username": "a"}),
    ),
    *rows(
        "groups",
        claim,
        "cognito:groups",
        [
            *(
                None,
                "editors",
                "[editors]",
                "",
                {"editors": 1},
                1,
                True,
                [1],
                [None],
                [""],
                [["e"]],
            ),
            *(["editors", ""], ["editors", 1], [True], [{}], ["a\nb"], ["\ud800"]),
        ],
    ),
    *rows(
        "roles",
        claim,
        "cognito:roles",
        [None, EDITORS_ROLE, "", {EDITORS_ROLE: 1}, 1, [1], [""], [EDITORS_ROLE, None], ["a\0b"]],
    ),
    *rows(
        "preferred_role",
        claim,
        "cognito:preferred_role",
        [
            *(AUDITORS_ROLE, "", None, 1, True, [EDITORS_ROLE], {}, EDITORS_ROLE + "x"),
            *(EDITORS_ROLE.upper(), EDITORS_ROLE[:-1], "*", "bucketpass-editors"),
        ],
    ),
    ("preferred of no roles", "preferred_role", claim("cognito:roles", ABSENT)),
    ("preferred of empty roles", "preferred_role", claim("cognito:roles", [])),
]


def exp_text(text):
    """The good claims with an `exp` that json.dumps would not write."""
    return claims_json(id_claims({"exp": "EXP"}).replace(b'"EXP"', text))


CORPUS = [*SEGMENTS, *SPELLING, *HEADERS, *SIGNATURES, *CLAIMS]


@pytest.mark.parametrize(
    ("reason", "make"), [row[1:] for row in CORPUS], ids=[row[0] for row in CORPUS]
)
def test_a_bad_token_is_refused_for_its_own_reason(reason, make):
    """The log learns the reason, the caller only that the token is not valid."""
    with pytest.raises(InvalidToken) as refusal:
        verify(make())
    assert refusal.value.reason == reason
    assert type(refusal.value) is InvalidToken


def test_the_corpus_is_large_and_its_names_are_distinct():
    """A row that replaces another by accident would weaken the table."""
    names = [name for name, _, _ in CORPUS]
    assert len(names) == len(set(names)) >= 120


def test_all_refusals_answer_alike_and_ask_the_pool_once():
    """Nothing public tells one reason from another, and a flood costs one fetch."""
    fetches = []

    def fetch():
        fetches.append(1)
        return published()

    judge = verifier(fetch=fetch)
    answers = set()
    for _, _, make in CORPUS:
        with pytest.raises(InvalidToken) as refusal:
            judge.verify(Secret(make()))
        error = refusal.value
        answers.add(
            (
                *(error.status, error.code, error.title, error.detail),
                *(repr(error.members), repr(sorted(error.headers.items()))),
            )
        )
    assert len(fetches) == 1
    [(status, code, title, detail, members, headers)] = answers
    assert (status, code, members) == (401, "invalid_token", "{}")
    assert (title, detail) == ("ID token invalid", "The ID token is not valid.")
    assert "WWW-Authenticate" in headers


@pytest.mark.parametrize(
    "row", [*SEGMENTS[:7], *SPELLING[:9], *HEADERS[:35]], ids=lambda row: row[0]
)
def test_what_is_malformed_never_reaches_the_keys(row):
    """Form and header are judged before anything is looked up or fetched."""

    def fetch():
        raise AssertionError("fetched")

    with pytest.raises(InvalidToken) as refusal:
        verifier(fetch=fetch).verify(Secret(row[2]()))
    assert refusal.value.reason == row[1]


def test_a_refusal_holds_nothing_of_the_token():
    """Reasons are fixed words: no part of a token can reach the log through them."""
    for _, reason, make in CORPUS[::7]:
        with pytest.raises(InvalidToken) as refusal:
            verify(make())
        assert str(refusal.value) == refusal.value.reason == reason
        assert reason.replace("_", "").isalnum()


# --- expired tokens and access tokens ----------------------------------------------------------


@pytest.mark.parametrize("exp", [NOW, NOW - 1, NOW - 59, NOW - 60, NOW - 99])
def test_an_expired_token_is_told_from_a_forged_one(exp):
    """At the second of `exp` it is over; the caller learns that a refresh helps."""
    with pytest.raises(TokenExpired) as refusal:
        verify(id_token({"exp": exp}))
    assert (refusal.value.code, refusal.value.reason) == ("token_expired", "expired")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "other"},
        {"iss": OTHER_ISSUER},
        {"sub": "alice"},
        {"token_use": "refresh"},
        {"cognito:groups": "editors"},
        {"cognito:preferred_role": AUDITORS_ROLE},
        {"cognito:username": ""},
    ],
    ids=str,
)
def test_an_expired_token_with_another_fault_is_only_invalid(claims):
    """`token_expired` vouches for everything but the time."""
    with pytest.raises(InvalidToken):
        verify(id_token({**claims, "exp": NOW - 1}))


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (NOW - 161, InvalidToken),
        (NOW - 160, None),
        (NOW, None),
        (NOW + 3499.9, None),
        (NOW + 3500, TokenExpired),
        (NOW + 3500.1, TokenExpired),
        (NOW + 10 * DAY, TokenExpired),
    ],
)
def test_the_clock_of_the_function_may_be_wrong_in_both_directions(now, refusal):
    """60 s behind Cognito are forgiven, none after the expiry."""
    if refusal is None:
        assert verify(id_token(), now=now).sub == SUB
    else:
        with pytest.raises(refusal):
            verify(id_token(), now=now)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"client_id": SECOND_CLIENT_ID},
        {"aud": CLIENT_ID},
        {"exp": NOW - 1},
        {"scope": ABSENT, "username": ABSENT},
    ],
    ids=str,
)
def test_a_genuine_access_token_is_told_what_to_send(claims):
    """Only with signature, issuer and client proved is the other kind of token named."""
    with pytest.raises(WrongTokenUse) as refusal:
        verify(access_token(claims))
    assert (refusal.value.code, refusal.value.reason) == ("wrong_token_use", "access_token")


def test_an_access_token_signed_with_the_second_key_is_genuine():
    """The pool signs its access tokens with a key of their own."""
    token = signed(header({"kid": "key-second"}), access_claims(), private_key("second"))
    with pytest.raises(WrongTokenUse):
        verify(token)


def test_without_keys_no_token_is_judged():
    """An unreachable key endpoint is our fault: 503, neither accepted nor refused."""

    def fetch():
        raise TimeoutError

    for token in (id_token(), access_token(), id_token({"exp": NOW - 1}), id_token(key=cube_key())):
        with pytest.raises(KeysUnavailable) as refusal:
            verifier(fetch=fetch).verify(Secret(token))
        assert refusal.value.status == 503


@pytest.mark.parametrize("clients", [(), "", CLIENT_ID, [""], [CLIENT_ID, ""]])
def test_a_verifier_without_a_list_of_clients_is_not_built(clients):
    """A text would match by its letters; no client would match nobody, or later everybody."""
    with pytest.raises(ValueError, match="client_ids"):
        IdTokenVerifier(ISSUER, clients, SigningKeys(published))


# --- any token ---------------------------------------------------------------------------------

JUDGE = verifier(fetch=published)
TEXT = st.text() | st.text(alphabet=st.characters(codec="ascii"))


def refused(token):
    with pytest.raises(InvalidToken):
        JUDGE.verify(Secret(token))


@settings(max_examples=400)
@given(st.data())
def test_no_changed_character_of_a_good_token_verifies(data):
    """One character replaced, added or left out anywhere: refused, and by the family alone."""
    token = id_token()
    place = data.draw(st.integers(0, len(token) - 1))
    kept = data.draw(st.sampled_from([0, 1]))
    put = data.draw(st.one_of(st.just(""), TEXT, st.sampled_from("ABCDwxyz0189-_.=+/ \n")))
    changed = token[:place] + put + token[place + 1 - kept :]
    if changed != token:
        refused(changed)


@given(st.data())
def test_no_changed_bit_of_a_good_token_verifies(data):
    """The same for the bytes below the encoding, spelt canonically."""
    parts = [unb64(part) for part in id_token().split(".")]
    which = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(parts[which]) - 1))
    flipped = bytearray(parts[which])
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    parts[which] = bytes(flipped)
    refused(".".join(map(b64, parts)))


def test_no_single_byte_of_a_good_token_is_idle():
    """Exhaustively: each character replaced by its neighbours in the alphabet is refused."""
    token = id_token()
    for place, character in enumerate(token):
        for put in {"A", "_", chr(ord(character) ^ 1), chr(ord(character) ^ 4)} - {character}:
            refused(token[:place] + put + token[place + 1 :])


@given(TEXT | st.lists(TEXT, min_size=3, max_size=3).map(".".join))
def test_no_text_verifies(text):
    """Whatever is sent as a token ends in a refusal."""
    refused(text)


@given(st.lists(st.binary(), min_size=3, max_size=3))
def test_no_bytes_verify(parts):
    """The same for well-encoded segments of any bytes."""
    refused(".".join(map(b64, parts)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=6,
)


@given(st.sampled_from(sorted(json.loads(id_claims()))), JSON)
def test_any_value_of_a_signed_claim_is_accepted_or_refused(name, value):
    """Even the pool's own signature leads to a principal of the right types or to a 401."""
    try:
        principal = JUDGE.verify(Secret(signed(header(), id_claims({name: value}))))
    except Unauthenticated:
        return
    assert principal.issuer == ISSUER
    assert principal.client_id in {CLIENT_ID, SECOND_CLIENT_ID}
    assert principal.sub == SUB
    assert all(isinstance(text, str) and text for text in principal.groups + principal.roles)
    assert principal.preferred_role in {None, *principal.roles}
    assert NOW < principal.expires_at <= NOW + DAY + 60


@given(st.sampled_from(["alg", "kid", "typ"]) | st.text(), JSON)
def test_any_value_of_a_signed_header_is_refused(name, value):
    """Only the header that Cognito writes verifies."""
    wanted = {"alg": "RS256", "kid": "key-live", "typ": "JWT"}
    if name not in wanted or value != wanted[name]:
        refused(signed(header({name: value}), id_claims()))
