"""The transformed template as CloudFormation renders it: intrinsic functions resolved, no network.

Physical ids are samples. Written apart from the emulator, so that the two cannot share a mistake.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

REGION = "eu-west-1"
ACCOUNT = "123456789012"
STACK = "bucketpass"

_PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": STACK,
    "AWS::StackId": (
        f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/"
        "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
    ),
}
_NO_VALUE = "AWS::NoValue"
_ABSENT = object()
_IN_SUB = re.compile(r"\$\{(!?)([^}]*)\}")

# What Ref and GetAtt give, per resource type; "{id}" is the logical id.
_REFS = {
    "AWS::ApiGateway::Deployment": "dep123",
    "AWS::ApiGateway::RestApi": "abcde12345",
    "AWS::ApiGateway::Stage": "v1",
    "AWS::Cognito::IdentityPool": f"{REGION}:11111111-2222-3333-4444-555555555555",
    "AWS::Cognito::UserPool": f"{REGION}_Sample001",
    "AWS::Cognito::UserPoolClient": "sampleclient0000000000000",
    "AWS::Cognito::UserPoolDomain": "sample-domain",
    "AWS::Cognito::UserPoolGroup": "{id}",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/{{id}}",
    "AWS::IAM::Policy": "{id}",
    "AWS::IAM::Role": "{id}",
    "AWS::Lambda::Function": "{id}",
    "AWS::Logs::LogGroup": "{id}",
    "AWS::S3::Bucket": "sample-bucket",
}
_ATTRIBUTES = {
    ("AWS::Cognito::UserPool", "Arn"): (
        f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_Sample001"
    ),
    ("AWS::Cognito::UserPool", "ProviderName"): (
        f"cognito-idp.{REGION}.amazonaws.com/{REGION}_Sample001"
    ),
    ("AWS::IAM::Role", "Arn"): f"arn:aws:iam::{ACCOUNT}:role/{{id}}",
    ("AWS::Lambda::Function", "Arn"): f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{id}}",
    ("AWS::Logs::LogGroup", "Arn"): f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{{id}}:*",
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::sample-bucket",
}


class CannotRender(Exception):
    """CloudFormation would refuse the template, or this renderer does not know the construct."""


@dataclass(frozen=True)
class Rendered:
    """The template under the given parameters; those not given have their defaults.

    `dangling` collects references to resources which these parameters leave out; CloudFormation
    refuses such a template only when it is deployed.
    """

    template: Mapping[str, Any]
    given: Mapping[str, str] = field(default_factory=dict)
    dangling: list[str] = field(default_factory=list)

    @cached_property
    def parameters(self) -> dict[str, str]:
        defaults = {
            name: str(parameter["Default"])
            for name, parameter in self.template["Parameters"].items()
            if "Default" in parameter
        }
        return {**defaults, **self.given}

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Every resource that comes into being, by logical id."""
        return {
            name: {**resource, "Properties": self.value(resource.get("Properties", {}), name)}
            for name, resource in self.template["Resources"].items()
            if self._exists(name)
        }

    @cached_property
    def outputs(self) -> dict[str, Any]:
        return {
            name: self.value(output["Value"], f"output {name}")
            for name, output in self.template["Outputs"].items()
            if "Condition" not in output or self.holds(output["Condition"])
        }

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of every resource of that type, by logical id."""
        return {
            name: resource["Properties"]
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def holds(self, condition: str) -> bool:
        return bool(self.value(self.template["Conditions"][condition], f"condition {condition}"))

    def ref(self, name: str, place: str = "test") -> Any:
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self.template["Parameters"]:
            if name not in self.parameters:
                raise CannotRender(f"{place}: parameter {name} has no value")
            return self.parameters[name]
        return self._physical(_REFS, self._kind(name, place), name, place)

    def attribute(self, name: str, attribute: str, place: str = "test") -> Any:
        return self._physical(_ATTRIBUTES, (self._kind(name, place), attribute), name, place)

    def value(self, node: Any, place: str) -> Any:
        """The node with every intrinsic function in it resolved."""
        if isinstance(node, list):
            values = [self.value(item, place) for item in node]
            return [value for value in values if value is not _ABSENT]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name,) = node
            if name in {"Ref", "Condition"} and isinstance(node[name], str):
                return self._reference(name, node[name], place)
            if name.startswith("Fn::"):
                return self._function(name, node[name], place)
        members = {key: self.value(member, place) for key, member in node.items()}
        return {key: member for key, member in members.items() if member is not _ABSENT}

    def _reference(self, kind: str, name: str, place: str) -> Any:
        if kind == "Condition":
            return self.holds(name)
        return _ABSENT if name == _NO_VALUE else self.ref(name, place)

    def _function(self, name: str, argument: Any, place: str) -> Any:  # noqa: C901, PLR0911 # a table
        match name, argument:
            case "Fn::If", [condition, then, otherwise]:
                return self.value(then if self.holds(condition) else otherwise, place)
            case "Fn::GetAtt", [resource, attribute]:
                return self.attribute(resource, attribute, place)
            case "Fn::Sub", str():
                return self._substituted(argument, {}, place)
            case "Fn::Sub", [text, variables]:
                return self._substituted(text, self.value(variables, place), place)
            case "Fn::Join", [separator, parts]:
                return separator.join(self.value(parts, place))
            case "Fn::Split", [separator, whole]:
                return str(self.value(whole, place)).split(separator)
            case "Fn::Select", [index, parts]:
                return self.value(parts, place)[int(index)]
            case "Fn::Equals", [left, right]:
                return self.value(left, place) == self.value(right, place)
            case "Fn::Not", [condition]:
                return not self.value(condition, place)
            case (("Fn::And" | "Fn::Or"), list()):
                return (all if name == "Fn::And" else any)(self.value(argument, place))
        raise CannotRender(f"{place}: {name} with {argument!r}")

    def _substituted(self, text: str, variables: Mapping[str, Any], place: str) -> str:
        def replacement(found: re.Match[str]) -> str:
            escaped, name = found.groups()
            if escaped:
                return "${" + name + "}"
            if name in variables:
                return str(variables[name])
            resource, dot, attribute = name.partition(".")
            if dot:
                return str(self.attribute(resource, attribute, place))
            return str(self.ref(name, place))

        return _IN_SUB.sub(replacement, text)

    def _kind(self, name: str, place: str) -> str:
        if name not in self.template["Resources"]:
            raise CannotRender(f"{place}: there is no {name!r} to refer to")
        if not self._exists(name):
            self.dangling.append(f"{place} refers to {name}, which these parameters leave out")
        return self.template["Resources"][name]["Type"]

    def _exists(self, name: str) -> bool:
        resource = self.template["Resources"][name]
        return "Condition" not in resource or self.holds(resource["Condition"])

    @staticmethod
    def _physical(samples: Mapping[Any, str], key: Any, name: str, place: str) -> str:
        if key not in samples:
            raise CannotRender(f"{place}: no sample for {key}")
        return samples[key].replace("{id}", name)
