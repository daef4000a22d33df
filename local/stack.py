"""The local stack as one object: the emulator, the deployment in it, the people and objects."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from local.demo_objects import put_demo_objects
from local.demo_users import GROUPS_OF_DEMO_USERS, DemoUser, make_user, new_password
from local.deployment import Deployer, Deployment
from local.emulated_aws import REGION, EmulatedAws
from local.emulator_process import EmulatorProcess
from local.log_lines import log_lines
from local.ports import choose_port
from local.run_secrets import RunSecrets, kept_secrets, new_secrets, sole_use
from local.sam_template import code_of_functions, load_template
from local.sign_in import SignInPlace, Tokens, sign_in

if TYPE_CHECKING:
    from botocore.client import BaseClient

ROOT: Final = Path(__file__).resolve().parent.parent
TEMPLATE: Final = ROOT / "template.yaml"

CredentialSource = Literal["identity-pool", "group-role", "member-role"]


class LocalStack:
    """A context in which the template stands in an emulated AWS of its own, on loopback.

    `port` 0 takes a free one. `parameters` are further parameters of the template. `kept_state` is
    a folder in which everything outlives the context; with None nothing does. `report` is told
    what is being done. Several stacks may stand at once. Entering raises LocalRunError.
    """

    def __init__(  # noqa: PLR0913 # keyword-only settings, each with a default
        self,
        *,
        credential_source: CredentialSource = "identity-pool",
        port: int = 0,
        template: Path = TEMPLATE,
        parameters: Mapping[str, str] | None = None,
        kept_state: Path | None = None,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.port = port
        self.template = template
        self.users: dict[str, DemoUser] = {}
        self._parameters = {"CredentialSource": credential_source, **(parameters or {})}
        self._kept_state = kept_state
        self._report = report
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._open(opened)
            self._exit = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    @property
    def endpoint_url(self) -> str:
        """Where the emulated AWS answers."""
        return self.emulator.endpoint_url

    @property
    def api_url(self) -> str:
        """Where the API answers on this machine, without a slash at its end.

        `localhost` here and 127.0.0.1 in presigned URLs are two hosts, as API Gateway and S3 are
        on AWS: a client that follows a redirect from one to the other drops its Authorization
        header, and a browser applies CORS.
        """
        api_id = self.deployment.resources["Api"]
        return f"http://localhost:{self.port}/restapis/{api_id}/v1/_user_request_"

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, `ApiUrl` and `SignInUrl` local, plus `EndpointUrl` and `Users`."""
        users = [
            {"username": u.username, "password": u.password, "groups": list(u.groups)}
            for u in self.users.values()
        ]
        return {
            **self.deployment.outputs,
            "ApiUrl": self.api_url,
            "SignInUrl": self.endpoint_url,
            "EndpointUrl": self.endpoint_url,
            "Users": users,
        }

    def client(self, service: str, *, unsigned: bool = False) -> "BaseClient":
        """The boto3 client of the emulated AWS that acts as root, or as nobody if `unsigned`."""
        return self.aws.client(service, unsigned=unsigned)

    def sign_in(self, username: str, password: str | None = None) -> Tokens:
        """Sign a user of this stack in by SRP; None stands for the right password."""
        return sign_in(self.aws, self.place, username, password or self.users[username].password)

    def add_user(self, username: str, groups: tuple[str, ...] = ()) -> DemoUser:
        """One more user, with a random password."""
        user = make_user(self.aws, self.place, username, new_password(), groups)
        self.users[username] = user
        return user

    def function_environment(self, logical_id: str = "ApiFunction") -> dict[str, str]:
        """The deployed function's environment, with what it takes to run it outside of Lambda."""
        deployed = self.aws.functions.get_function_configuration(
            FunctionName=self.deployment.resources[logical_id]
        )
        variables = deployed.get("Environment", {}).get("Variables", {})
        return {**variables, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self.endpoint_url}

    def function_log(self) -> list[str]:
        """Every line that the functions have logged, the oldest first."""
        return log_lines(self.aws.logs, self.deployment.resources["FunctionLog"])

    @property
    def code_folders(self) -> dict[str, Path]:
        """The folder of each function's code by the function's logical id."""
        functions = code_of_functions(load_template(self.template))
        return {name: (self.template.parent / uri).resolve() for name, uri in functions.items()}

    def renew_code(self, folder: Path) -> None:
        """Give each function whose code stands in that folder the code that stands there now."""
        for logical_id, its_folder in self.code_folders.items():
            if its_folder == folder.resolve():
                self._deployer.renew_code(self.deployment.resources[logical_id], folder)

    def _open(self, opened: ExitStack) -> None:
        self.port = choose_port(self.port)
        state, secrets = self._open_state(opened)
        self._report(f"Starting the emulated AWS on 127.0.0.1:{self.port}")
        self.emulator = EmulatorProcess(
            self.port, state, secrets.root, persistent=self._kept_state is not None
        )
        opened.callback(self.emulator.stop)
        self.emulator.start()
        self.aws = EmulatedAws(self.endpoint_url, secrets.root)
        self._deployer = Deployer(self.aws, self.template)
        source = self._parameters["CredentialSource"]
        self._report(f"Deploying {self.template.name} with credentials by {source}")
        self.deployment: Deployment = self._deployer.deploy(self._parameters)
        self._fill(secrets)

    def _open_state(self, opened: ExitStack) -> tuple[Path, RunSecrets]:
        if self._kept_state is None:
            folder = tempfile.TemporaryDirectory(prefix="bucketpass-", ignore_cleanup_errors=True)
            return Path(opened.enter_context(folder)), new_secrets()
        opened.enter_context(sole_use(self._kept_state))
        return self._kept_state, kept_secrets(self._kept_state)

    def _fill(self, secrets: RunSecrets) -> None:
        outputs = self.deployment.outputs
        self.place = SignInPlace(
            outputs["UserPoolId"], outputs["UserPoolClientId"], outputs["IdentityPoolId"]
        )
        self._report(f"Making and signing in {', '.join(GROUPS_OF_DEMO_USERS)}")
        for username, groups in GROUPS_OF_DEMO_USERS.items():
            password = secrets.passwords[username]
            self.users[username] = make_user(self.aws, self.place, username, password, groups)
        identities = {name: user.identity_id for name, user in self.users.items()}
        put = put_demo_objects(self.aws.s3, outputs["BucketName"], identities)
        self._report(f"Put {put} objects into the bucket" if put else "The kept objects are there")
