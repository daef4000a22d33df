"""A stack that another process runs, found through its outputs file."""

from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import EndpointConnectionError

from local.emulated_aws import EmulatedAws
from local.failure import LocalRunError
from local.outputs_file import LOCAL_FOLDER, read_outputs
from local.run_folder import RunFolder
from local.sign_in import SignInPlace, Tokens, identity_id, sign_in


class RunningStack:
    """The stack of `make run` as seen from a second terminal; raises LocalRunError without one."""

    def __init__(self, folder: Path = LOCAL_FOLDER) -> None:
        self.outputs = read_outputs(folder)
        self._folder = RunFolder(folder, urlsplit(self.outputs["EndpointUrl"]).port or 0)

    def sign_in(self, username: str) -> Tokens:
        """Fresh tokens of one of the demo users."""
        password = self.password(username)
        try:
            return sign_in(self._aws, self._place, username, password)
        except EndpointConnectionError as error:
            raise self._silent() from error

    def password(self, username: str) -> str:
        """The password of one of the demo users."""
        passwords = {user["username"]: str(user["password"]) for user in self.outputs["Users"]}
        if username not in passwords:
            known = ", ".join(passwords)
            raise LocalRunError(f"There is no user {username!r}; there are: {known}.")
        return passwords[username]

    def identity_id(self, username: str) -> str:
        """The identity id of one of the demo users."""
        return identity_id(self._aws, self._place, self.sign_in(username).id)

    def function_environments(self) -> dict[str, Any]:
        """Each function's environment by logical id, in the form of `sam local --env-vars`."""
        try:
            return self._folder.read_environment()
        except OSError as error:
            raise self._silent() from error

    @cached_property
    def _aws(self) -> EmulatedAws:
        return EmulatedAws(self.outputs["EndpointUrl"])

    @property
    def _place(self) -> SignInPlace:
        names = ("UserPoolId", "UserPoolClientId", "IdentityPoolId")
        return SignInPlace(*(self.outputs[name] for name in names))

    def _silent(self) -> LocalRunError:
        url = self.outputs["EndpointUrl"]
        return LocalRunError(f"The local stack at {url} has ended: start one with `make run`.")
