"""Everything that the emulator lacks of AWS's enforcement, put in its place."""

from ministack import app

from local.emulator import (
    api_answers,
    api_events,
    api_import,
    assume_role,
    authorizer,
    batch_deletions,
    identity_pools,
    key_encoding,
    managed_login,
    multipart_uploads,
    object_copies,
    object_requests,
    object_tags,
    policy_variables,
    roles_of_groups,
    root_key,
    secure_transport,
    session_context,
    srp_challenge,
    web_identity,
)

_PARTS = (
    root_key,
    secure_transport,
    policy_variables,
    session_context,
    roles_of_groups,
    managed_login,
    identity_pools,
    web_identity,
    assume_role,
    authorizer,
    api_import,
    api_events,
    api_answers,
    object_requests,
    multipart_uploads,
    batch_deletions,
    object_copies,
    object_tags,
    key_encoding,
    srp_challenge,
)


def install() -> None:
    """Put every part in its place; raises EmulatorMismatch rather than leave one out."""
    for part in _PARTS:
        part.install()


def serve() -> None:
    """Serve until a signal ends it."""
    app.main()
