"""The local stack's `.local/outputs.json` as a profile."""

import json
from pathlib import Path
from typing import Final

from bucketpass.errors import ConfigurationError
from bucketpass.profile import Profile

DEFAULT_PATH: Final = Path(".local") / "outputs.json"
_SETTING_OF: Final = {
    "ApiUrl": "api_url",
    "Region": "region",
    "UserPoolId": "user_pool_id",
    "UserPoolClientId": "client_id",
    "IdentityPoolId": "identity_pool_id",
    "BucketName": "bucket",
    "EndpointUrl": "endpoint_url",
}
# A stack that was given a user pool has no sign-in pages of its own.
_LOGIN: Final = "SignInUrl"


def profile_of_local_stack(name: str, path: Path | None = None) -> Profile:
    """The profile of the running local stack.

    `path` None looks for `.local/outputs.json` here and in the folders above. The passwords of the
    demo users, which the file holds too, are left there. Raises ConfigurationError if there is no
    such file or it is not what the local stack writes.
    """
    path = path or _found_above(Path.cwd())
    try:
        outputs = json.loads(path.read_text(encoding="utf-8"))
        settings = {setting: outputs.get(output) for output, setting in _SETTING_OF.items()}
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"There is no {path}: no local stack is running.", remedy="Start one with `make run`."
        ) from error
    except (ValueError, AttributeError, OSError) as error:
        raise ConfigurationError(
            f"{path} is damaged.", remedy="Start the local stack again."
        ) from error
    if not all(isinstance(value, str) for value in settings.values()):
        raise ConfigurationError(f"{path} is incomplete.", remedy="Start the local stack again.")
    login = {"login_url": outputs[_LOGIN]} if isinstance(outputs.get(_LOGIN), str) else {}
    return Profile(name=name).changed({**settings, **login})


def _found_above(folder: Path) -> Path:
    candidates = [base / DEFAULT_PATH for base in (folder, *folder.parents)]
    return next((path for path in candidates if path.exists()), DEFAULT_PATH)
