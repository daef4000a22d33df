"""One unguessable root key, where the emulator lets several guessable ones do everything.

It takes "test", any account id and a missing key for the account's root. AWS refuses a request
without credentials (IAM User Guide, reference_policies_evaluation-logic).
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import os
import re
from typing import Any, Final

from ministack.core import iam_evaluator
from ministack.services import s3

from local.emulator.mismatch import EmulatorMismatch
from local.emulator.replacement import extend, replace

_UNGUESSABLE: Final = re.compile(r"(?=.*[A-Za-z])\w{16,128}", re.ASCII)
# Answered without credentials, by authorizers of their own.
_ANONYMOUS_ACTIONS: Final = frozenset({"execute-api:Invoke", "lambda:InvokeFunctionUrl"})


def install() -> None:
    """Let only the key of the environment be root; raises EmulatorMismatch if it is guessable."""
    if not _UNGUESSABLE.fullmatch(_root_key()):
        raise EmulatorMismatch(
            "AWS_ACCESS_KEY_ID must be a random root key of 16 to 128 letters and digits."
        )
    replace(iam_evaluator, "is_root_access_key", "e6ae3b63335593c0", _is_root_access_key)
    extend(iam_evaluator, "enforce", "cf64b1ee5b099c8f", _enforce)
    extend(iam_evaluator, "check_credentials", "cfc3519325842062", _check_credentials)


def _root_key() -> str:
    return os.environ.get("AWS_ACCESS_KEY_ID", "")


def _is_root_access_key(access_key_id: str) -> bool:
    # The emulator's own calls have none; _enforce refuses those that come from outside.
    return not access_key_id or access_key_id == _root_key()


def _enforce(  # noqa: PLR0913, PLR0917 # the emulator's own signature
    original: Any,
    access_key_id: str,
    action: str,
    service: str,
    region: str,
    resource_arn: str = "*",
    **named: Any,
) -> Any:
    if not access_key_id and not _is_anonymous(service, action, resource_arn):
        return _missing()
    return original(access_key_id, action, service, region, resource_arn, **named)


def _check_credentials(original: Any, access_key_id: str, service: str | None = None) -> Any:
    return original(access_key_id, service) if access_key_id else _missing()


def _is_anonymous(service: str, action: str, resource_arn: str) -> bool:
    if service == "s3":
        # The owner of an existing bucket may have opened it; S3 itself looks at that.
        bucket = resource_arn.removeprefix("arn:aws:s3:::").partition("/")[0]
        return s3._bucket_owner_account(bucket) is not None
    unsigned = iam_evaluator._served_unsigned(service, action)
    return action in _ANONYMOUS_ACTIONS or bool(unsigned)


def _missing() -> Any:
    return iam_evaluator.AuthError(
        "MissingAuthenticationToken", "Request is missing Authentication Token"
    )
