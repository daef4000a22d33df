"""Signing in with a user name and a password, through all that the user pool asks."""

import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from bucketpass.answers import Answers
from bucketpass.conversation import Conversation
from bucketpass.device import Device
from bucketpass.errors import ConfigurationError
from bucketpass.secret import Secret
from bucketpass.srp_proof import SrpProof, new_device_password
from bucketpass.tokens import Tokens, tokens_of_answer
from bucketpass.user_pool import UserPool


class DeviceMemory(Protocol):
    """Keeps the device between two sign-ins."""

    def read_device(self, username: str) -> Device | None:
        """The device that the user pool remembers for that user name."""

    def write_device(self, device: Device) -> None:
        """Keep the device."""


class SignIn:
    """One way in: `answers` are asked for what the password does not settle.

    `devices` None: no device is shown or remembered. Calling it raises SignInRefused, CodeRefused,
    PasswordRefused, ChallengeUnanswered, and what the user pool raises.
    """

    def __init__(
        self,
        pool: UserPool,
        answers: Answers,
        devices: DeviceMemory | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pool = pool
        self._answers = answers
        self._devices = devices
        self._clock = clock

    def __call__(self, username: str, password: Secret) -> Tokens:
        """Sign in; a device that Cognito has forgotten is left out at a second try."""
        device = self._devices.read_device(username) if self._devices else None
        try:
            return self._signed_in(username, password, device)
        except ConfigurationError:
            if device is None:
                raise
            return self._signed_in(username, password, None)

    def _signed_in(self, username: str, password: Secret, device: Device | None) -> Tokens:
        proof = SrpProof(self._pool.pool_id, self._pool.client_id, username, password, device)
        result = Conversation(self._pool, self._answers, proof, device).result(username)
        tokens = tokens_of_answer(result, self._clock())
        metadata = result.get("NewDeviceMetadata")
        if metadata and self._devices is not None:
            self._register(username, tokens, metadata)
        return replace(tokens, device_key=tokens.device_key or (device.key if device else None))

    def _register(self, username: str, tokens: Tokens, metadata: Mapping[str, str]) -> None:
        if self._devices is None or tokens.access_token is None:
            return
        key, group = metadata["DeviceKey"], metadata["DeviceGroupKey"]
        password, verifier = new_device_password(group, key)
        asks = self._pool.confirm_device(tokens.access_token, key, verifier, platform.node()[:100])
        if asks and self._answers.remember_device():
            self._pool.remember_device(tokens.access_token, key)
        self._devices.write_device(Device(username, key, group, password))
