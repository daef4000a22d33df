import pytest

from tests.template.rendering import CannotRender, Rendered

TEMPLATE = {
    "Parameters": {"Name": {"Default": "given"}, "Needed": {}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Name"}, "given"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
    },
    "Resources": {
        "There": {"Type": "AWS::S3::Bucket"},
        "Gone": {"Type": "AWS::S3::Bucket", "Condition": "No"},
    },
    "Outputs": {},
}


@pytest.fixture
def rendered():
    return Rendered(TEMPLATE)


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Name"}, "given"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "There"}, "sample-bucket"),
        ({"Fn::GetAtt": ["There", "Arn"]}, "arn:aws:s3:::sample-bucket"),
        ({"Fn::Sub": "a/${Name}/${There.Arn}"}, "a/given/arn:aws:s3:::sample-bucket"),
        ({"Fn::Sub": ["${N}-${Name}", {"N": {"Ref": "There"}}]}, "sample-bucket-given"),
        ({"Fn::Sub": "${!aws:userid}"}, "${aws:userid}"),
        ("${!aws:userid}", "${!aws:userid}"),
        ({"Fn::If": ["Yes", 1, 2]}, 1),
        ({"Fn::If": ["No", 1, 2]}, 2),
        ([1, {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}], [1]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": 2}, {"b": 2}),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}]]}, "a-given"),
    ],
    ids=str,
)
def test_functions_are_resolved(node, value, rendered):
    """Each intrinsic function becomes its value; an escape is undone inside of Fn::Sub only."""
    assert rendered.value(node, "test") == value


@pytest.mark.parametrize(
    "node",
    [
        {"Ref": "Nowhere"},
        {"Ref": "Needed"},
        {"Fn::GetAtt": ["There", "Colour"]},
        {"Fn::Sub": "${cognito-identity.amazonaws.com:sub}"},
        {"Fn::ImportValue": "x"},
    ],
    ids=str,
)
def test_what_cloudformation_would_refuse(node, rendered):
    """A reference to nothing, an unknown function or an unescaped policy variable is an error."""
    with pytest.raises(CannotRender):
        rendered.value(node, "test")


def test_what_is_left_out_is_noted(rendered):
    """A reference to a resource whose condition does not hold is remembered."""
    assert "Gone" not in rendered.resources
    rendered.value({"Ref": "Gone"}, "There")
    assert rendered.dangling == ["There refers to Gone, which these parameters leave out"]
