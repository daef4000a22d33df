"""The template deployed through CloudFormation, as `sam deploy` does it."""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from local.code_archive import code_archive
from local.emulated_aws import REGION
from local.failure import LocalRunError
from local.sam_template import Template, load_template, with_uploaded_code

if TYPE_CHECKING:
    from types_boto3_cloudformation.type_defs import StackTypeDef

    from local.emulated_aws import EmulatedAws

STACK_NAME: Final = "bucketpass"
_ARTEFACTS: Final = "bucketpass-artefacts"
_DEPLOY_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.05
_NOTHING_TO_DO: Final = "No updates are to be performed"
_CONSEQUENCE: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A stack that stands: its outputs, and the physical id of each logical one."""

    outputs: Mapping[str, str]
    resources: Mapping[str, str]


class Deployer:
    """Deploys one template into the emulated AWS, and renews its functions' code."""

    def __init__(self, aws: "EmulatedAws", template: Path) -> None:
        self._aws = aws
        self._path = template

    def deploy(self, parameters: Mapping[str, str]) -> Deployment:
        """Create the stack, or update the one of an earlier run.

        Raises LocalRunError naming the first resource that failed, and why.
        """
        self._make_artefact_bucket()
        template = with_uploaded_code(load_template(self._path), self._upload_code)
        try:
            self._send(template, parameters)
        except ClientError as error:
            reason = error.response.get("Error", {}).get("Message", str(error))
            raise LocalRunError(f"{self._path.name} was refused: {reason}") from error
        stack = self._await_end()
        return Deployment(
            outputs={o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])},
            resources=self._resources(),
        )

    def renew_code(self, function_name: str, folder: Path) -> None:
        """Give the function the code as it is in the folder now."""
        self._aws.functions.update_function_code(
            FunctionName=function_name, ZipFile=code_archive(folder)
        )

    def _make_artefact_bucket(self) -> None:
        try:
            self._aws.s3.create_bucket(
                Bucket=_ARTEFACTS, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        except self._aws.s3.exceptions.BucketAlreadyOwnedByYou:
            return

    def _upload_code(self, code_uri: str) -> str:
        folder = self._path.parent / code_uri
        if not folder.is_dir():
            raise LocalRunError(f"{self._path.name} takes code from {code_uri}, which is missing.")
        return f"s3://{_ARTEFACTS}/{self._upload(code_archive(folder), 'zip')}"

    def _upload(self, body: bytes, ending: str) -> str:
        key = f"{hashlib.sha256(body).hexdigest()[:32]}.{ending}"
        self._aws.s3.put_object(Bucket=_ARTEFACTS, Key=key, Body=body)
        return key

    def _send(self, template: Template, parameters: Mapping[str, str]) -> None:
        # By address: a template in the request itself may hold 51,200 bytes only.
        key = self._upload(json.dumps(template).encode(), "json")
        url = f"{self._aws.endpoint_url}/{_ARTEFACTS}/{key}"
        change = self._aws.cloudformation
        deploy = change.update_stack if self._exists() else change.create_stack
        try:
            deploy(
                StackName=STACK_NAME,
                TemplateURL=url,
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": value}
                    for name, value in parameters.items()
                ],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            )
        except ClientError as error:
            if _NOTHING_TO_DO not in str(error):
                raise

    def _exists(self) -> bool:
        try:
            self._aws.cloudformation.describe_stacks(StackName=STACK_NAME)
        except self._aws.cloudformation.exceptions.ClientError:
            return False
        return True

    def _await_end(self) -> "StackTypeDef":
        until = time.monotonic() + _DEPLOY_SECONDS
        while time.monotonic() < until:
            stack = self._aws.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
            status = stack["StackStatus"]
            if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
                return stack
            if not status.endswith("_IN_PROGRESS"):
                raise self._failure(status)
            time.sleep(_POLL_SECONDS)
        raise LocalRunError(f"The stack did not stand within {_DEPLOY_SECONDS:.0f} s.")

    def _failure(self, status: str) -> LocalRunError:
        events = self._aws.cloudformation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
        causes = failures(reversed(events))  # the newest comes first
        first = causes[0] if causes else "no reason is given"
        return LocalRunError(
            f"{self._path.name} could not be deployed ({status}): {first}",
            evidence="\n".join(causes[1:]),
        )

    def _resources(self) -> dict[str, str]:
        listed = self._aws.cloudformation.describe_stack_resources(StackName=STACK_NAME)
        return {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in listed["StackResources"]}


def failures(events: Iterable[Mapping[str, object]]) -> list[str]:
    """One sentence per resource that failed by itself, in the order of the events."""
    return [
        f"{event['LogicalResourceId']} ({event.get('ResourceType')}): {reason}"
        for event in events
        if "FAILED" in str(event.get("ResourceStatus"))
        and _CONSEQUENCE not in (reason := str(event.get("ResourceStatusReason", ""))).lower()
    ]
