import json
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from local.deployment import Deployer, failures
from local.failure import LocalRunError


def _event(name, status, reason=None):
    event = {"LogicalResourceId": name, "ResourceType": "AWS::X::Y", "ResourceStatus": status}
    return event | ({"ResourceStatusReason": reason} if reason else {})


def test_failures_name_causes_and_not_consequences():
    """Only resources that failed by themselves are named, in the order of the events."""
    events = [
        _event("Pool", "CREATE_IN_PROGRESS"),
        _event("Pool", "CREATE_FAILED", "no such client"),
        _event("Bucket", "CREATE_FAILED", "Resource creation cancelled"),
        _event("Role", "CREATE_FAILED", "bad policy"),
        _event("stack", "ROLLBACK_IN_PROGRESS", "one failed"),
    ]
    assert failures(events) == ["Pool (AWS::X::Y): no such client", "Role (AWS::X::Y): bad policy"]


class _Refused(ClientError):
    def __init__(self, message):
        super().__init__({"Error": {"Code": "ValidationError", "Message": message}}, "Op")


class FakeCloudFormation:
    """A stack of one resource that goes through the given statuses."""

    exceptions = SimpleNamespace(ClientError=ClientError)

    def __init__(self, statuses, *, refusal=None, exists=False):
        self.statuses, self.refusal, self.exists = list(statuses), refusal, exists
        self.calls = []

    def create_stack(self, **request):
        self._deploy("create", request)

    def update_stack(self, **request):
        self._deploy("update", request)

    def _deploy(self, kind, request):
        if self.refusal:
            raise _Refused(self.refusal)
        self.calls.append((kind, request))
        self.exists = True

    def describe_stacks(self, **_):
        if not self.exists:
            raise _Refused("does not exist")
        if not self.calls and self.refusal is None:
            return {}
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        outputs = [{"OutputKey": "ApiUrl", "OutputValue": "https://api"}]
        return {"Stacks": [{"StackStatus": status, "Outputs": outputs}]}

    def describe_stack_events(self, **_):
        newest_first = [_event("B", "CREATE_FAILED", "cause 2"), _event("A", "CREATE_FAILED", "c1")]
        return {"StackEvents": newest_first}

    def describe_stack_resources(self, **_):
        return {"StackResources": [{"LogicalResourceId": "Api", "PhysicalResourceId": "abc"}]}


class FakeS3:
    def __init__(self):
        self.objects = {}

    def create_bucket(self, **_):
        pass

    def put_object(self, **request):
        self.objects[request["Key"]] = request["Body"]


class FakeAws:
    endpoint_url = "http://127.0.0.1:4599"

    def __init__(self, cloudformation):
        self.cloudformation, self.s3 = cloudformation, FakeS3()


@pytest.fixture
def template(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("code")
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: src/}}}"
    )
    return path


def test_stack_is_created_with_uploaded_code_and_parameters(template):
    """CloudFormation gets the template by address, with the code's address in it."""
    aws = FakeAws(FakeCloudFormation(["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]))
    deployment = Deployer(aws, template).deploy({"CredentialSource": "group-role"})
    assert deployment.outputs == {"ApiUrl": "https://api"}
    assert deployment.resources == {"Api": "abc"}
    ((kind, request),) = aws.cloudformation.calls
    assert kind == "create"
    assert request["Parameters"] == [
        {"ParameterKey": "CredentialSource", "ParameterValue": "group-role"}
    ]
    bucket, key = request["TemplateURL"].removeprefix("http://127.0.0.1:4599/").split("/")
    sent = json.loads(aws.s3.objects[key])
    code = sent["Resources"]["F"]["Properties"]["CodeUri"]
    assert code.startswith(f"s3://{bucket}/")
    assert code.rpartition("/")[2] in aws.s3.objects


def test_kept_stack_is_updated(template):
    """A stack that is there already is updated, not made anew."""
    aws = FakeAws(FakeCloudFormation(["UPDATE_COMPLETE"], exists=True))
    Deployer(aws, template).deploy({})
    assert [kind for kind, _ in aws.cloudformation.calls] == ["update"]


def test_update_without_change_is_fine(template):
    """The same template and code again is no error."""
    refusal = "No updates are to be performed."
    aws = FakeAws(FakeCloudFormation(["CREATE_COMPLETE"], refusal=refusal, exists=True))
    assert Deployer(aws, template).deploy({}).resources == {"Api": "abc"}


def test_failed_stack_names_the_first_cause(template):
    """The sentence holds the oldest failed resource and its reason; the others are evidence."""
    aws = FakeAws(FakeCloudFormation(["ROLLBACK_COMPLETE"]))
    with pytest.raises(LocalRunError) as failure:
        Deployer(aws, template).deploy({})
    assert failure.value.sentence == (
        "template.yaml could not be deployed (ROLLBACK_COMPLETE): A (AWS::X::Y): c1"
    )
    assert failure.value.evidence == "B (AWS::X::Y): cause 2"


def test_refused_template_is_one_sentence(template):
    """What CloudFormation refuses at once is told with its own reason."""
    aws = FakeAws(FakeCloudFormation([], refusal="Template format error: x"))
    with pytest.raises(LocalRunError, match=r"^template\.yaml was refused: Template format error"):
        Deployer(aws, template).deploy({})


def test_missing_code_is_one_sentence(template):
    """A code folder that is not there is named as the template names it."""
    (template.parent / "src" / "app.py").unlink()
    (template.parent / "src").rmdir()
    with pytest.raises(LocalRunError, match="takes code from src/, which is missing"):
        Deployer(FakeAws(FakeCloudFormation([])), template).deploy({})
