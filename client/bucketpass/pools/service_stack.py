"""What the service's CloudFormation stack tells of itself."""

from dataclasses import dataclass
from typing import Final

from bucketpass.errors import ConfigurationError
from bucketpass.pools.administrator import Administrator, as_administrator

# The logical id in the service's template.
_LOG: Final = "FunctionLog"


@dataclass(frozen=True)
class ServiceStack:
    """The user pool of the stack's people and the log group of its function."""

    user_pool_id: str
    log_group: str


def service_stack(administrator: Administrator, name: str) -> ServiceStack:
    """The stack of that name; raises ConfigurationError if it is not one of the service's."""
    with as_administrator():
        stack = administrator.stacks.describe_stacks(StackName=name)["Stacks"][0]
        log = administrator.stacks.describe_stack_resource(StackName=name, LogicalResourceId=_LOG)[
            "StackResourceDetail"
        ]
    outputs = {o.get("OutputKey"): o.get("OutputValue") for o in stack.get("Outputs", [])}
    user_pool_id, log_group = outputs.get("UserPoolId"), log.get("PhysicalResourceId")
    if not user_pool_id or not log_group:
        raise ConfigurationError(
            f"The stack {name!r} has no user pool and log of the service.",
            remedy="Name the log group with --log-group.",
        )
    return ServiceStack(user_pool_id, log_group)
