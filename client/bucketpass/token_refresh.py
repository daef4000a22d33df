"""Tokens that are fresh, renewed by one process for all."""

import random
import time
from collections.abc import Callable
from typing import Final, Protocol

from bucketpass.errors import Busy, NotSignedIn, SignInExpired, Throttled, Unreachable
from bucketpass.kept_sign_in import PATIENCE_SECONDS, KeptSignIn
from bucketpass.secret import Secret
from bucketpass.tokens import Tokens

# Long enough for a request that is signed with the token now to arrive before its end.
EARLY_SECONDS: Final = 120.0


class Renewing(Protocol):
    """What renews tokens: a user pool."""

    def refresh(self, refresh_token: Secret, device_key: str | None) -> dict[str, str]:
        """Cognito's `AuthenticationResult`."""


class FreshTokens:
    """The tokens of a kept sign-in; call it for those that are valid for a while.

    Any number of processes and threads may ask at once: one renews, the others wait and read what
    it kept. This matters most where refresh tokens rotate, since a second use of one is refused.
    Raises NotSignedIn, SignInExpired, Busy, and what the user pool raises; a user pool that is out
    of reach is no error as long as the ID token lives.
    """

    def __init__(
        self, kept: KeptSignIn, user_pool: Renewing, clock: Callable[[], float] = time.time
    ) -> None:
        self._kept = kept
        self._user_pool = user_pool
        self._clock = clock

    def __call__(self) -> Tokens:
        """The tokens, renewed if their end is near."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            tokens = self._read()
            if self._is_fresh(tokens):
                return tokens
            with self._kept.lock_if_free() as held:
                if held:
                    return self._renewed()
            time.sleep(random.uniform(0.005, 0.03))  # noqa: S311 # spreads those who wait
        raise Busy

    def _renewed(self) -> Tokens:
        # somebody may have renewed them between our look and the lock
        tokens = self._read()
        if self._is_fresh(tokens):
            return tokens
        if tokens.refresh_token is None:
            raise SignInExpired
        try:
            answer = self._user_pool.refresh(tokens.refresh_token, tokens.device_key)
        except (Unreachable, Throttled):
            if tokens.expires_at > self._clock():
                return tokens
            raise
        renewed = tokens.renewed_by(answer, self._clock())
        self._kept.write(renewed)
        return renewed

    def _read(self) -> Tokens:
        tokens = self._kept.read()
        if tokens is None:
            raise NotSignedIn
        return tokens

    def _is_fresh(self, tokens: Tokens) -> bool:
        return tokens.expires_at - self._clock() > EARLY_SECONDS
