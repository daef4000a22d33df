"""The SAM template as data: read with its intrinsic functions, given its uploaded code."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from local.failure import LocalRunError

_API_TYPE: Final = "AWS::Serverless::Api"
_FUNCTION_TYPE: Final = "AWS::Serverless::Function"
_PLAIN_TAGS: Final = frozenset({"Ref", "Condition"})  # all others are written Fn::Name in long
_TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"

Template = dict[str, Any]


class _TemplateLoader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: `!Name` is an intrinsic function, a date stays a text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 # the base class has it so
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _intrinsic(loader: _TemplateLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type] # the only other
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in _PLAIN_TAGS else f"Fn::{name}": value}


_TemplateLoader.add_multi_constructor("!", _intrinsic)


def load_template(path: Path) -> Template:
    """Read the template; raises LocalRunError if it is not there or not YAML."""
    try:
        with path.open(encoding="utf-8") as file:
            template = yaml.load(file, Loader=_TemplateLoader)  # noqa: S506 # derived from SafeLoader
    except OSError as error:
        raise LocalRunError(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise LocalRunError(f"{path.name} is not valid YAML.", evidence=str(error)) from error
    if not (isinstance(template, dict) and isinstance(template.get("Resources"), dict)):
        raise LocalRunError(f"{path.name} has no Resources.")
    return template


def with_uploaded_code(template: Template, upload: Callable[[str], str]) -> Template:
    """A copy whose functions take their code from where `upload` put it.

    `upload` is given the local folder as the template writes it, once per folder, and returns an
    `s3://` address.
    """
    uploaded = copy.deepcopy(template)
    addresses: dict[str, str] = {}
    for properties in _code_holders(uploaded):
        folder = properties.get("CodeUri")
        if isinstance(folder, str) and _is_local(folder):
            if folder not in addresses:
                addresses[folder] = upload(folder)
            properties["CodeUri"] = addresses[folder]
    return uploaded


def code_of_functions(template: Template) -> dict[str, str]:
    """The local folder of each function's code, as the template writes it, by logical id."""
    default = template.get("Globals", {}).get("Function", {}).get("CodeUri")
    functions = {
        logical_id: resource.get("Properties", {}).get("CodeUri", default)
        for logical_id, resource in template["Resources"].items()
        if resource.get("Type") == _FUNCTION_TYPE
    }
    return {
        name: folder
        for name, folder in functions.items()
        if isinstance(folder, str) and _is_local(folder)
    }


def routes(template: Template) -> list[str]:
    """Every route of the template's APIs as `GET /path`, without the preflights."""
    return [
        f"{method.upper()} {path}"
        for resource in template["Resources"].values()
        if resource.get("Type") == _API_TYPE
        for path, methods in resource["Properties"]["DefinitionBody"]["paths"].items()
        for method in methods
        if method != "options"
    ]


def _is_local(code_uri: str) -> bool:
    return not code_uri.startswith("s3://")


def _code_holders(template: Template) -> Iterator[dict[str, Any]]:
    yield template.get("Globals", {}).get("Function", {})
    for resource in template["Resources"].values():
        if resource.get("Type") == _FUNCTION_TYPE:
            yield resource.get("Properties", {})
