"""Ending a sign-in."""

from contextlib import suppress

from bucketpass.errors import SignInExpired
from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.secret import Secret
from bucketpass.tokens import Tokens
from bucketpass.user_pool import UserPool


def end_sign_in(kept: KeptSignIn, pool: UserPool, *, everywhere: bool) -> bool:
    """Revoke and forget the kept tokens; whether there were any.

    The lock is held meanwhile, so that no other process renews and keeps them anew. What Cognito
    raises is raised after the tokens are forgotten; that they had already ended is no error.
    """
    with kept.lock():
        tokens = kept.read()
        if tokens is None:
            return False
        try:
            _end_at_cognito(tokens, pool, everywhere=everywhere)
        finally:
            kept.remove()
    return True


def _end_at_cognito(tokens: Tokens, pool: UserPool, *, everywhere: bool) -> None:
    if everywhere:
        pool.sign_out_everywhere(_live_access_token(tokens, pool))
    if tokens.refresh_token is not None:
        with suppress(SignInExpired):
            pool.revoke(tokens.refresh_token)


def _live_access_token(tokens: Tokens, pool: UserPool) -> Secret:
    # the kept one may have ended; a sign-in that cannot be renewed cannot end the others either
    if tokens.refresh_token is not None:
        return Secret(str(pool.refresh(tokens.refresh_token, tokens.device_key)["AccessToken"]))
    if tokens.access_token is None:
        raise SignInExpired
    return tokens.access_token
