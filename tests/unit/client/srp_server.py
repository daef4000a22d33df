"""The server's side of SRP-6a as Cognito computes it, to judge the client's proofs."""

import base64
import hashlib
import hmac
import secrets

from pycognito.aws_srp import G_HEX, N_HEX, compute_hkdf, hex_hash, pad_hex

N, G = int(N_HEX, 16), int(G_HEX, 16)
K = int(hex_hash("00" + N_HEX + "0" + G_HEX), 16)


class SrpServer:
    """Knows a verifier for `identity` (pool name and user, or group and device key)."""

    def __init__(self, identity, password=None, *, verifier=None, salt=None):
        self.identity = identity
        self.salt = salt or secrets.token_hex(16)
        if verifier is None:
            inner = hashlib.sha256(f"{identity}:{password}".encode()).hexdigest()
            verifier = pow(G, int(hex_hash(pad_hex(self.salt) + inner), 16), N)
        self.verifier = verifier
        self.secret = secrets.randbits(256) | 1 << 255  # RFC 5054: at least 256 bits
        self.public = (K * verifier + pow(G, self.secret, N)) % N
        self.block = secrets.token_bytes(40)

    def challenge(self, **more):
        return {
            "SALT": self.salt,
            "SRP_B": f"{self.public:x}",
            "SECRET_BLOCK": base64.b64encode(self.block).decode(),
            **more,
        }

    def accepts(self, srp_a, responses):
        public_a = int(srp_a, 16)
        u = int(hex_hash(pad_hex(public_a) + pad_hex(self.public)), 16)
        shared = pow(public_a * pow(self.verifier, u, N), self.secret, N)
        key = compute_hkdf(bytes.fromhex(pad_hex(shared)), bytes.fromhex(pad_hex(u)))
        message = self.identity.encode() + self.block + responses["TIMESTAMP"].encode()
        expected = hmac.new(key, message, hashlib.sha256).digest()
        return hmac.compare_digest(
            expected, base64.b64decode(responses["PASSWORD_CLAIM_SIGNATURE"])
        )
