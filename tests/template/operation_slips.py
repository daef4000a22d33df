"""Slips about running it, at least one per invariant."""

from typing import Any

from tests.template import operation_invariants as operation
from tests.template.slip import Slip, Template, add, props


def variables(template: Template) -> dict[str, Any]:
    return props(template, "ApiFunction")["Environment"]["Variables"]


def parameter(template: Template, name: str) -> dict[str, Any]:
    return template["Parameters"][name]


OPERATION_SLIPS = (
    Slip(
        "a log group that Lambda makes, kept for ever",
        operation.functions_log_into_kept_groups,
        lambda t: props(t, "ApiFunction")["LoggingConfig"].pop("LogGroup"),
        "ApiFunction logs into None",
    ),
    Slip(
        "a second function without log group",
        operation.functions_log_into_kept_groups,
        lambda t: add(t, "Second", "AWS::Lambda::Function"),
        "Second logs into None",
    ),
    Slip(
        "a log for ever",
        operation.logs_end,
        lambda t: props(t, "FunctionLog").pop("RetentionInDays"),
        "FunctionLog keeps its entries None days",
    ),
    Slip(
        "events, and with them ID tokens, in the log",
        operation.events_are_not_logged,
        lambda t: variables(t).update(POWERTOOLS_LOGGER_LOG_EVENT="true"),
        "POWERTOOLS_LOGGER_LOG_EVENT=true",
    ),
    Slip(
        "a parameter without description",
        operation.parameters_are_described_and_constrained,
        lambda t: parameter(t, "LogLevel").pop("Description"),
        "LogLevel is not described",
    ),
    Slip(
        "a parameter without constraint",
        operation.parameters_are_described_and_constrained,
        lambda t: parameter(t, "AllowedOrigin").pop("AllowedPattern"),
        "AllowedOrigin is not constrained",
    ),
    Slip(
        "a pattern that need not fit as a whole",
        operation.parameters_are_described_and_constrained,
        lambda t: parameter(t, "AllowedOrigin").update(AllowedPattern="https?://"),
        "AllowedOrigin is not constrained",
    ),
    Slip(
        "a number without a maximum",
        operation.parameters_are_described_and_constrained,
        lambda t: parameter(t, "ThrottlingRate").pop("MaxValue"),
        "ThrottlingRate is not constrained",
    ),
    Slip(
        "a default that the template refuses",
        operation.parameters_are_described_and_constrained,
        lambda t: parameter(t, "AllowedOrigin").update(Default="*"),
        "the default of AllowedOrigin breaks its constraint",
    ),
    Slip(
        "a pattern as the only explanation",
        operation.parameters_are_described_and_constrained,
        lambda t: parameter(t, "ExistingBucketName").pop("ConstraintDescription"),
        "ExistingBucketName does not say what fits it",
    ),
    Slip(
        "an output of the contract gone",
        operation.outputs_keep_the_contract,
        lambda t: t["Outputs"].pop("IdentityPoolId"),
        "there is no output IdentityPoolId",
    ),
    Slip(
        "an output without description",
        operation.outputs_keep_the_contract,
        lambda t: t["Outputs"]["ApiUrl"].pop("Description"),
        "output ApiUrl is not described",
    ),
    Slip(
        "the address of another stage",
        operation.outputs_keep_the_contract,
        lambda t: t["Outputs"]["ApiUrl"].update(Value="https://example.com/Prod"),
        "https://example.com/Prod",
    ),
    Slip(
        "a reference that only one choice bears",
        operation.references_exist_under_every_choice,
        lambda t: variables(t).update(BUCKET_NAME={"Ref": "Bucket"}),
        "ApiFunction refers to Bucket",
    ),
    Slip(
        "an output of what may be left out",
        operation.references_exist_under_every_choice,
        lambda t: t["Outputs"]["UserPoolId"].update(Value={"Ref": "UserPool"}),
        "output UserPoolId refers to UserPool",
    ),
    Slip(
        "a condition that these tests never switch",
        operation.conditions_are_exercised,
        lambda t: t["Conditions"].update(New={"Fn::Equals": [{"Ref": "LogLevel"}, "DEBUG"]}),
        "New is always False",
    ),
    Slip(
        "a version left behind",
        operation.the_version_is_the_projects,
        lambda t: variables(t).update(SERVICE_VERSION="0.0.9"),
        "0.0.9 is not",
    ),
    Slip(
        "a function that outlives API Gateway's patience",
        operation.the_function_answers_before_it_is_ended,
        lambda t: props(t, "ApiFunction").update(Timeout=60),
        "ApiFunction has 60 s",
    ),
    Slip(
        "a function that ends before its answer",
        operation.the_function_answers_before_it_is_ended,
        lambda t: props(t, "ApiFunction").update(Timeout=26),
        "ApiFunction has 26 s",
    ),
    Slip(
        "a variable that nobody reads",
        operation.the_environment_is_what_is_read,
        lambda t: variables(t).update(TABLE_NAME="x"),
        "TABLE_NAME is set and not read",
    ),
    Slip(
        "a variable that is read and not set",
        operation.the_environment_is_what_is_read,
        lambda t: variables(t).pop("URL_SUFFIX"),
        "URL_SUFFIX is read and not set",
    ),
    Slip(
        "a variable without which the function does not start",
        operation.the_environment_is_what_is_read,
        lambda t: variables(t).pop("BUCKET_NAME"),
        "the settings refuse the environment: BUCKET_NAME",
    ),
    Slip(
        "a role that is not of everybody",
        operation.the_environment_is_what_is_read,
        lambda t: variables(t).update(SIGNED_IN_ROLE_ARN={"Fn::GetAtt": ["AuditorsRole", "Arn"]}),
        "the role of everybody is another",
    ),
    Slip(
        "a runtime that the package is not built for",
        operation.the_package_is_built_for_the_runtime,
        lambda t: props(t, "ApiFunction").update(Runtime="python3.12"),
        "ApiFunction runs python3.12",
    ),
    Slip(
        "a processor that the package is not built for",
        operation.the_package_is_built_for_the_runtime,
        lambda t: props(t, "ApiFunction").update(Architectures=["arm64"]),
        "aarch64",
    ),
    Slip(
        "a handler that moved",
        operation.the_package_is_built_for_the_runtime,
        lambda t: props(t, "ApiFunction").update(Handler="handlers.main.handler"),
        "starts at handlers.main.handler",
    ),
)
