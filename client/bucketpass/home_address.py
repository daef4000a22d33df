"""Where the person's own folder is, for tools that know S3 alone."""

from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.profile import Profile
from bucketpass.token_store import choose_store


def known_home_address(profile: Profile) -> str | None:
    """`s3://BUCKET/home/IDENTITY/` of who is signed in; None where somebody had to be asked for it.

    Raises UnsafeFile for kept tokens that are open to others.
    """
    if not (profile.bucket and profile.user_pool_id and profile.client_id):
        return None
    tokens = KeptSignIn(profile, choose_store()).read()
    if tokens is None or tokens.identity_id is None:
        return None
    return f"s3://{profile.bucket}/home/{tokens.identity_id}/"
