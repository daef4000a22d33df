"""The library's front: one person, signed in."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bucketpass.connection import Connection, Through
from bucketpass.credential_provider import PersonProvider, PersonSession
from bucketpass.errors import ConfigurationError
from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.profile import Profile
from bucketpass.profile_choice import choose_profile
from bucketpass.scoped_credentials import ScopedCredentials
from bucketpass.secret import Secret
from bucketpass.secret_store import MemoryStore
from bucketpass.sign_out import end_sign_in
from bucketpass.token_refresh import FreshTokens
from bucketpass.token_store import choose_store
from bucketpass.tokens import Tokens, tokens_of_id_token

if TYPE_CHECKING:
    import boto3
    from botocore.credentials import RefreshableCredentials

    from bucketpass.answers import Answers
    from bucketpass.id_token import IdTokenClaims


class Session:
    """What one signed-in person can reach; made by `sign_in`, `from_id_token` or `from_profile`.

    Tokens and credentials are renewed when they are used. `role` None leaves the choice to the
    identity pool or the service. Every member may raise BucketpassError, of the class that names
    the cause.
    """

    def __init__(
        self,
        connection: Connection,
        tokens: Callable[[], Tokens],
        *,
        role: str | None = None,
        through: Through = "identity-pool",
        kept: KeptSignIn | None = None,
    ) -> None:
        self.profile = connection.profile
        self.connection = connection
        self.role = role or connection.profile.role
        self._tokens = tokens
        self._source = connection.source(through)
        self._kept = kept

    @classmethod
    def sign_in(  # noqa: PLR0913 # keyword-only, each with a default
        cls,
        username: str,
        password: str | Secret,
        *,
        profile: Profile | str | None = None,
        answers: "Answers | None" = None,
        remember: bool = False,
        role: str | None = None,
        through: Through = "identity-pool",
        **settings: str | None,
    ) -> "Session":
        """Sign in by SRP: the password never leaves this machine.

        `profile` is a Profile or the name of one, `settings` replace its settings (`region`,
        `user_pool_id`, `client_id`, `identity_pool_id`, `bucket` …). `answers` is asked where the
        user pool wants more than the password; None raises ChallengeUnanswered then. `remember`
        keeps the tokens for `from_profile` and the command line. Raises SignInRefused.
        """
        from bucketpass.answers import NoAnswers  # noqa: PLC0415 # pycognito takes long to import
        from bucketpass.sign_in import SignIn  # noqa: PLC0415 # see above

        connection = Connection(_profile(profile, settings))
        kept = KeptSignIn(connection.profile, choose_store() if remember else MemoryStore())
        secret = password if isinstance(password, Secret) else Secret(password)
        signed_in = SignIn(
            connection.user_pool,
            answers or NoAnswers(),
            kept if remember else None,
            connection.clock,
        )
        with connection.watch.blamed():
            tokens = signed_in(username, secret)
        with kept.lock():
            kept.write(tokens)
        return cls._kept_session(connection, kept, role, through)

    @classmethod
    def from_profile(
        cls,
        name: str | Profile | None = None,
        *,
        role: str | None = None,
        through: Through = "identity-pool",
        **settings: str | None,
    ) -> "Session":
        """The sign-in that `bucketpass login` or `sign_in(remember=True)` has kept.

        Makes no call; that nobody is signed in shows at the first use, as NotSignedIn.
        """
        connection = Connection(_profile(name, settings))
        kept = KeptSignIn(connection.profile, choose_store())
        return cls._kept_session(connection, kept, role, through)

    @classmethod
    def from_id_token(
        cls,
        id_token: str | Secret | Callable[[], str],
        *,
        profile: Profile | str | None = None,
        role: str | None = None,
        through: Through = "identity-pool",
        **settings: str | None,
    ) -> "Session":
        """The bearer of an ID token that somebody else obtained.

        A callable is asked for a fresh token each time one is needed; a text cannot be renewed:
        when it ends, so does the session (SignInExpired).
        """
        connection = Connection(_profile(profile, settings))
        return cls(
            connection,
            lambda: tokens_of_id_token(id_token, connection.watch.now()),
            role=role,
            through=through,
        )

    @classmethod
    def _kept_session(
        cls, connection: Connection, kept: KeptSignIn, role: str | None, through: Through
    ) -> "Session":
        tokens = FreshTokens(kept, connection.user_pool, connection.clock)
        return cls(connection, tokens, role=role, through=through, kept=kept)

    def id_token(self) -> Secret:
        """An ID token that is valid for a while, for the service's Authorization header."""
        return self._fresh().id_token

    @property
    def claims(self) -> "IdTokenClaims":
        """Who the person is, as the ID token says."""
        return self._fresh().claims

    @cached_property
    def identity_id(self) -> str:
        """The person's identity id; never that of a guest."""
        tokens = self._fresh()
        with self.connection.watch.blamed():
            identity_id = self._source.identity_id(tokens)
        if self._kept is not None and tokens.identity_id is None:
            self._kept.remember_identity(identity_id)
        return identity_id

    @property
    def home(self) -> str:
        """The prefix of the person's own folder, with a slash at its end."""
        return f"home/{self.identity_id}/"

    @property
    def bucket(self) -> str:
        """The bucket of the objects: the profile's, else the one that the service names."""
        if self.profile.bucket is None and self.profile.api_url is not None:
            return str(self.ask_service("/me").get("bucket") or self.profile.require("bucket"))
        return self.profile.require("bucket")

    def scoped_credentials(self, role: str | None = None) -> ScopedCredentials:
        """New temporary credentials, once; `role` None stands for the session's."""
        tokens = self._fresh()
        with self.connection.watch.blamed():
            return self._source.credentials(tokens, role or self.role)

    def credentials(self, role: str | None = None) -> "RefreshableCredentials":
        """Credentials that botocore renews by itself; no call is made before their first use."""
        return self._provider(role).load()

    def boto3(self, role: str | None = None) -> "boto3.Session":
        """A boto3 session that acts as the person, with credentials that renew themselves."""
        return PersonSession(self.profile, self._provider(role))

    def client(self, service: str, **options: Any) -> Any:  # noqa: ANN401 # boto3's classes arise at run time
        """A boto3 client that acts as the person; `options` are boto3's."""
        return self._boto3.client(service, **options)

    def keep(self, tokens: Tokens) -> None:
        """Keep these tokens for the profile in the place of those that are there."""
        if self._kept is None:
            raise ConfigurationError("This session keeps no tokens.", remedy="Use from_profile.")
        with self._kept.lock():
            self._kept.write(tokens)

    def sign_out(self, *, everywhere: bool = False) -> bool:
        """End the sign-in at Cognito and forget the tokens; whether there were any.

        `everywhere` ends all sign-ins of the person. Credentials that are already out live on to
        their end, one hour at most. Where Cognito cannot be told (Unreachable), the tokens are
        forgotten all the same.
        """
        if self._kept is None:
            return False
        return end_sign_in(self._kept, self.connection.user_pool, everywhere=everywhere)

    def ask_service(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        """The JSON object that the service answers to GET at that path."""
        token = self.id_token()
        with self.connection.watch.blamed():
            return self.connection.service.get(path, token, query)

    @cached_property
    def _boto3(self) -> Any:  # noqa: ANN401 # boto3.Session's overloads name each service
        return self.boto3()

    def _provider(self, role: str | None) -> PersonProvider:
        return PersonProvider(lambda: self.scoped_credentials(role), self.connection.watch.now)

    def _fresh(self) -> Tokens:
        with self.connection.watch.blamed():
            return self._tokens()


def _profile(profile: Profile | str | None, settings: dict[str, str | None]) -> Profile:
    if isinstance(profile, Profile):
        return profile.changed(settings)
    return choose_profile(profile, settings)
