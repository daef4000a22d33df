"""What has to hold for running it: the function's settings, logs, parameters and outputs.

Each function returns its violations as sentences.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from shared.settings import SettingsError, load_settings
from tests.template.policies import bucket_of, member_role_arn
from tests.template.rendering import Rendered

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = {"ApiUrl", "UserPoolId", "UserPoolClientId", "IdentityPoolId", "BucketName", "Region"}
# Lambda sets the region by itself; the endpoint is for a run without AWS.
NOT_SET_BY_THE_TEMPLATE = {"AWS_REGION", "AWS_ENDPOINT_URL"}
API_GATEWAY_SECONDS = 29
# Values that switch the conditions of the template, one per side.
SWITCHES = {
    "CredentialSource": ("identity-pool", "group-role", "member-role"),
    "ExistingUserPoolId": ("", "eu-west-1_Brought01"),
    "ExistingBucketName": ("", "brought-bucket"),
    "SelfSignUp": ("false", "true"),
    "AccessLogs": ("false", "true"),
}


def functions(rendered: Rendered) -> dict[str, dict[str, Any]]:
    return rendered.of_type("AWS::Lambda::Function")


def environment(rendered: Rendered, function: str = "ApiFunction") -> dict[str, str]:
    return functions(rendered)[function]["Environment"]["Variables"]


def functions_log_into_kept_groups(rendered: Rendered) -> list[str]:
    """Each function writes into a log group of this template."""
    groups = {rendered.ref(name) for name in rendered.of_type("AWS::Logs::LogGroup")}
    return [
        f"{name} logs into {function.get('LoggingConfig', {}).get('LogGroup')}"
        for name, function in functions(rendered).items()
        if function.get("LoggingConfig", {}).get("LogGroup") not in groups
    ]


def logs_end(rendered: Rendered) -> list[str]:
    """Each log group deletes its entries after the days of the parameter."""
    days = rendered.parameters["LogRetentionDays"]
    return [
        f"{name} keeps its entries {group.get('RetentionInDays')} days"
        for name, group in rendered.of_type("AWS::Logs::LogGroup").items()
        if str(group.get("RetentionInDays")) != days
    ]


def events_are_not_logged(rendered: Rendered) -> list[str]:
    """Powertools does not log the event: it holds the ID token."""
    return [
        f"{name} has {variable}={value}"
        for name in functions(rendered)
        for variable, value in environment(rendered, name).items()
        if variable in {"POWERTOOLS_LOGGER_LOG_EVENT", "POWERTOOLS_DEV", "POWERTOOLS_DEBUG"}
        and value != "false"
    ]


def parameters_are_described_and_constrained(rendered: Rendered) -> list[str]:
    """Each parameter has a description and takes only what its constraint names."""
    violations = []
    for name, parameter in rendered.template["Parameters"].items():
        violations += [] if parameter.get("Description") else [f"{name} is not described"]
        pattern = parameter.get("AllowedPattern", "")
        limited = {"MinValue", "MaxValue"} <= parameter.keys()
        anchored = pattern.startswith("^") and pattern.endswith("$")
        if not ("AllowedValues" in parameter or limited or anchored):
            violations.append(f"{name} is not constrained")
        if "Default" in parameter and not _fits(parameter, str(parameter["Default"])):
            violations.append(f"the default of {name} breaks its constraint")
        if pattern and "ConstraintDescription" not in parameter:
            # `^[\w+]{1,128}$` in an error message says little to who deploys.
            violations += [] if len(pattern) < 24 else [f"{name} does not say what fits it"]
    return violations


def _fits(parameter: Mapping[str, Any], value: str) -> bool:
    allowed = [str(choice) for choice in parameter.get("AllowedValues", [value])]
    least, most = parameter.get("MinValue", 0), parameter.get("MaxValue", float("inf"))
    return (
        value in allowed
        and re.search(parameter.get("AllowedPattern", ""), value) is not None
        and (parameter["Type"] != "Number" or least <= float(value) <= most)
    )


def outputs_keep_the_contract(rendered: Rendered) -> list[str]:
    """The outputs that clients, the local run and tests rely on are there, and described."""
    violations = [f"there is no output {n}" for n in sorted(CONTRACT - rendered.outputs.keys())]
    violations += [
        f"output {name} is not described"
        for name, output in rendered.template["Outputs"].items()
        if not output.get("Description")
    ]
    url = "https://abcde12345.execute-api.eu-west-1.amazonaws.com/v1"
    if rendered.outputs.get("ApiUrl") != url:
        violations.append(f"the API is said to be at {rendered.outputs.get('ApiUrl')}")
    return violations


def every_choice_of_parameters(template: Mapping[str, Any]) -> Iterator[Rendered]:
    for values in product(*SWITCHES.values()):
        yield Rendered(template, dict(zip(SWITCHES, values, strict=True)))


def references_exist_under_every_choice(rendered: Rendered) -> list[str]:
    """Whatever the parameters leave out, nothing that stays refers to it."""
    found = set()
    for choice in every_choice_of_parameters(rendered.template):
        assert choice.resources
        assert choice.outputs
        found.update(choice.dangling)
    return sorted(found)


def conditions_are_exercised(rendered: Rendered) -> list[str]:
    """Each condition of the template is true under one of these choices and false under another."""
    choices = list(every_choice_of_parameters(rendered.template))
    return [
        f"{condition} is always {choices[0].holds(condition)}"
        for condition in rendered.template["Conditions"]
        if len({choice.holds(condition) for choice in choices}) < 2
    ]


def project_version() -> str:
    """The version in pyproject.toml, or in the module that it names for it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if "version" in settings["project"]:
        return settings["project"]["version"]
    return constants_of(ROOT / settings["tool"]["hatch"]["version"]["path"])["__version__"]


def the_version_is_the_projects(rendered: Rendered) -> list[str]:
    """The function reports the version of the project."""
    version = environment(rendered).get("SERVICE_VERSION")
    return [] if version == project_version() else [f"{version} is not {project_version()}"]


def constants_of(path: Path) -> dict[str, Any]:
    """The literal constants of a module, which need not be importable."""
    return {
        target.id: node.value.value
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def the_function_answers_before_it_is_ended(rendered: Rendered) -> list[str]:
    """Work and answer fit into the function's time, and that into API Gateway's."""
    constants = constants_of(ROOT / "src" / "handlers" / "app.py")
    needed = constants["LONGEST_WORK_SECONDS"] + constants["ANSWER_SECONDS"]
    return [
        f"{name} has {function['Timeout']} s for {needed} s of work"
        for name, function in functions(rendered).items()
        if not needed < function["Timeout"] < API_GATEWAY_SECONDS
    ]


class _Recorded(dict[str, str]):
    """An environment that remembers which names were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def the_environment_is_what_is_read(rendered: Rendered) -> list[str]:
    """The template sets the variables that the settings read, no more, and with values that fit."""
    given = environment(rendered)
    recorded = _Recorded({**given, "AWS_REGION": rendered.outputs.get("Region", "")})
    try:
        settings = load_settings(recorded)
    except SettingsError as error:
        return [f"the settings refuse the environment: {error}"]
    ours = {name for name in given if not name.startswith("POWERTOOLS_")}
    read = recorded.asked - NOT_SET_BY_THE_TEMPLATE
    roles = {"editors": "EditorsRole", "auditors": "AuditorsRole"}
    facts = {
        "the bucket": settings.bucket == bucket_of(rendered),
        "the role of everybody": settings.roles.signed_in
        == rendered.attribute("SignedInRole", "Arn"),
        "the roles of groups": settings.roles.by_group
        == {group: rendered.attribute(role, "Arn") for group, role in roles.items()},
        "the role of members": settings.roles.member == member_role_arn(rendered),
        "the mode": settings.credential_source == rendered.parameters["CredentialSource"],
        "the user pool": settings.user_pool_id == rendered.outputs["UserPoolId"],
        "the app client": settings.client_ids == (rendered.outputs["UserPoolClientId"],),
        "the identity pool": settings.identity_pool_id == rendered.outputs["IdentityPoolId"],
        "the origin": settings.allowed_origin == rendered.parameters["AllowedOrigin"],
    }
    return (
        [f"{name} is set and not read" for name in sorted(ours - read)]
        + [f"{name} is read and not set" for name in sorted(read - ours)]
        + [f"{name} is another" for name, is_so in facts.items() if not is_so]
    )


def the_package_is_built_for_the_runtime(rendered: Rendered) -> list[str]:
    """src/Makefile builds for the runtime and the processor that the function has."""
    makefile = (ROOT / "src" / "Makefile").read_text(encoding="utf-8")
    violations = []
    for name, function in functions(rendered).items():
        version = function["Runtime"].removeprefix("python")
        processors = set(re.findall(r"manylinux\w*?_(x86_64|aarch64)", makefile))
        wanted = {"arm64": "aarch64", "x86_64": "x86_64"}[function["Architectures"][0]]
        if f"RUNTIME := {version}\n" not in makefile or processors != {wanted}:
            violations.append(f"{name} runs {function['Runtime']} on {wanted}; built otherwise")
        module, _, handler = function["Handler"].rpartition(".")
        source = (ROOT / "src" / module.replace(".", "/")).with_suffix(".py")
        if not source.is_file() or f"\n{handler} = " not in source.read_text(encoding="utf-8"):
            violations.append(f"{name} starts at {function['Handler']}, which is not there")
        if f"\nbuild-{name}:\n" not in makefile:
            violations.append(f"{name} has no build target")
    return violations


OPERATION_INVARIANTS = (
    functions_log_into_kept_groups,
    logs_end,
    events_are_not_logged,
    parameters_are_described_and_constrained,
    outputs_keep_the_contract,
    references_exist_under_every_choice,
    conditions_are_exercised,
    the_version_is_the_projects,
    the_function_answers_before_it_is_ended,
    the_environment_is_what_is_read,
    the_package_is_built_for_the_runtime,
)
