"""The challenges of one sign-in (Cognito API reference, RespondToAuthChallenge)."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from bucketpass.answers import Answers, TotpEnrolment
from bucketpass.device import Device
from bucketpass.errors import (
    BucketpassError,
    ChallengeUnanswered,
    CodeRefused,
    PasswordRefused,
    UnexpectedAnswer,
)
from bucketpass.srp_proof import SrpProof
from bucketpass.user_pool import UserPool

Challenge = Mapping[str, Any]
_Given = TypeVar("_Given")

ATTEMPTS: Final = 3
ISSUER: Final = "Bucketpass"
_TOTP: Final = "SOFTWARE_TOKEN_MFA"
# challenge: the field of its answer, and how the code comes to the person
_CODES: Final = {
    "SMS_MFA": ("SMS_MFA_CODE", "SMS"),
    "EMAIL_OTP": ("EMAIL_OTP_CODE", "e-mail"),
    _TOTP: ("SOFTWARE_TOKEN_MFA_CODE", "authenticator app"),
}


class Conversation:
    """Answers the user pool's challenges one after the other, as that person, on that device."""

    def __init__(
        self, pool: UserPool, answers: Answers, proof: SrpProof, device: Device | None
    ) -> None:
        self._pool = pool
        self._answers = answers
        self._proof = proof
        self._device = device
        self._username = ""

    def result(self, username: str) -> Mapping[str, Any]:
        """Cognito's `AuthenticationResult` for that person."""
        self._username = username
        answer = self._pool.start(self._proof.opening())
        while not answer.get("AuthenticationResult"):
            answer = self._next(str(answer.get("ChallengeName")), answer)
        result: Mapping[str, Any] = answer["AuthenticationResult"]
        return result

    def _next(self, name: str, challenge: Challenge) -> Challenge:
        steps: dict[str, Callable[[Challenge], Challenge]] = {
            "PASSWORD_VERIFIER": self._prove_password,
            "DEVICE_SRP_AUTH": self._open_device,
            "DEVICE_PASSWORD_VERIFIER": self._prove_device,
            "NEW_PASSWORD_REQUIRED": self._set_password,
            "MFA_SETUP": self._set_up_totp,
            "SELECT_MFA_TYPE": self._choose,
            **dict.fromkeys(_CODES, self._give_code),
        }
        if name not in steps:
            raise ChallengeUnanswered(
                f"The user pool asks for {name}, which is not known here.",
                remedy="Sign in through the browser: `bucketpass login --browser`.",
            )
        return steps[name](challenge)

    def _prove_password(self, challenge: Challenge) -> Challenge:
        responses = self._proof.answer(_parameters(challenge))
        # Cognito's own name for the person, where the sign-in began with an alias
        self._username = responses["USERNAME"]
        return self._respond(challenge, responses)

    def _open_device(self, challenge: Challenge) -> Challenge:
        return self._respond(challenge, self._proof.device_opening(self._username))

    def _prove_device(self, challenge: Challenge) -> Challenge:
        return self._respond(challenge, self._proof.device_answer(_parameters(challenge)))

    def _set_password(self, challenge: Challenge) -> Challenge:
        missing = required_attributes(_parameters(challenge))
        given = self._answers.attributes(missing) if missing else {}
        attributes = {f"userAttributes.{name}": value for name, value in given.items()}

        def attempt(refused: BucketpassError | None) -> Challenge:
            password = self._answers.new_password(refused).reveal()
            return self._respond(challenge, {"NEW_PASSWORD": password, **attributes})

        return _repeated(attempt)

    def _give_code(self, challenge: Challenge) -> Challenge:
        field, way = _CODES[challenge["ChallengeName"]]
        destination = _parameters(challenge).get("CODE_DELIVERY_DESTINATION")

        def attempt(refused: BucketpassError | None) -> Challenge:
            code = self._answers.code(way, destination, refused)
            return self._respond(challenge, {field: code})

        return _repeated(attempt)

    def _set_up_totp(self, challenge: Challenge) -> Challenge:
        ways = _parameters(challenge).get("MFAS_CAN_SETUP")
        if ways is not None and _TOTP not in ways:
            raise ChallengeUnanswered("The user pool asks to set up a second factor by telephone.")
        secret, session = self._pool.new_totp_secret(_session(challenge))
        enrolment = TotpEnrolment(secret, self._username, ISSUER)

        def attempt(refused: BucketpassError | None) -> str:
            return self._pool.verify_totp(session, self._answers.totp_code(enrolment, refused))

        return self._respond({**challenge, "Session": _repeated(attempt)}, {})

    def _choose(self, challenge: Challenge) -> Challenge:
        ways = json.loads(_parameters(challenge).get("MFAS_CAN_CHOOSE") or "[]")
        return self._respond(challenge, {"ANSWER": self._answers.choose(ways)})

    def _respond(self, challenge: Challenge, responses: Mapping[str, str]) -> Challenge:
        device = {"DEVICE_KEY": self._device.key} if self._device else {}
        return self._pool.respond(
            challenge["ChallengeName"],
            {"USERNAME": self._username, **device, **responses},
            challenge.get("Session"),
        )


def required_attributes(parameters: Mapping[str, str]) -> list[str]:
    """The attributes that NEW_PASSWORD_REQUIRED asks for, without their `userAttributes.`."""
    names = json.loads(parameters.get("requiredAttributes") or "[]")
    return [str(name).removeprefix("userAttributes.") for name in names]


def _parameters(challenge: Challenge) -> Mapping[str, str]:
    return challenge.get("ChallengeParameters") or {}


def _session(challenge: Challenge) -> str:
    session = challenge.get("Session")
    if not isinstance(session, str):
        raise UnexpectedAnswer("The user pool's challenge has no session.")
    return session


def _repeated(attempt: Callable[[BucketpassError | None], _Given]) -> _Given:
    """What the attempt gives, made again with the reason while the answer is only mistyped."""
    refused: BucketpassError | None = None
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt(refused)
        except (CodeRefused, PasswordRefused) as error:  # noqa: PERF203 # three times at most
            refused = error
    return attempt(refused)
