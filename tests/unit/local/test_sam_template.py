import json

import pytest

from local.failure import LocalRunError
from local.sam_template import code_of_functions, load_template, routes, with_uploaded_code
from local.stack import TEMPLATE

TEXT = """
Globals: {Function: {CodeUri: src/}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Version: 2012-10-17
      On: !If [Yes, !Ref A, !GetAtt B.C.D]
      Map: !FindInMap [x, !Ref y, z]
      Text: !Sub
        - ${Name}/${!kept}
        - Name: !Join ['', [a, !Base64 b]]
  Same: {Type: 'AWS::Serverless::Function', Properties: {Handler: a.b}}
  Own: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: other/}}
  Uploaded: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: 's3://b/k'}}
  Inline: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: {Bucket: b, Key: k}}}
  Api:
    Type: AWS::Serverless::Api
    Properties: {DefinitionBody: {paths: {/a: {get: {}, options: {}}, /b: {post: {}}}}}
Conditions: {Both: !And [!Condition X, !Not [!Equals [a, b]]]}
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(TEXT)
    return load_template(path)


def test_intrinsic_functions_keep_their_meaning(template):
    """Each short form becomes the long form that CloudFormation defines for it."""
    properties = template["Resources"]["Role"]["Properties"]
    assert properties["Text"] == {
        "Fn::Sub": ["${Name}/${!kept}", {"Name": {"Fn::Join": ["", ["a", {"Fn::Base64": "b"}]]}}]
    }
    assert properties["Map"] == {"Fn::FindInMap": ["x", {"Ref": "y"}, "z"]}
    assert template["Conditions"]["Both"] == {
        "Fn::And": [{"Condition": "X"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]
    }
    (branches,) = (value for value in properties.values() if "Fn::If" in value)
    assert branches["Fn::If"][1:] == [{"Ref": "A"}, {"Fn::GetAtt": ["B", "C.D"]}]


def test_policy_version_stays_a_text(template):
    """An unquoted date, such as a policy's version, is a text as in CloudFormation."""
    assert template["Resources"]["Role"]["Properties"]["Version"] == "2012-10-17"


def test_local_code_is_replaced_everywhere_and_only_there(template):
    """Each local folder is uploaded once; other code stays where it is, as does the original."""
    asked = []

    def upload(folder):
        asked.append(folder)
        return f"s3://bucket/{folder}"

    before = json.dumps(template)
    uploaded = with_uploaded_code(template, upload)
    assert asked == ["src/", "other/"]
    assert uploaded["Globals"]["Function"]["CodeUri"] == "s3://bucket/src/"
    assert uploaded["Resources"]["Own"]["Properties"]["CodeUri"] == "s3://bucket/other/"
    for untouched in ("Same", "Uploaded", "Inline", "Role"):
        assert uploaded["Resources"][untouched] == template["Resources"][untouched]
    assert json.dumps(template) == before


def test_code_of_functions_knows_the_global_folder(template):
    """A function without a folder of its own takes the one of Globals."""
    assert code_of_functions(template) == {"Same": "src/", "Own": "other/"}


def test_routes_leave_preflights_out(template):
    """Every method of every path but OPTIONS is a route."""
    assert routes(template) == ["GET /a", "POST /b"]


def test_the_real_template_is_read_whole():
    """Anchors, merges and intrinsics of the project's own template survive as plain JSON."""
    template = load_template(TEMPLATE)
    assert "GET /objects/{key+}" in routes(template)
    assert code_of_functions(template) == {"ApiFunction": "src/"}
    policy = template["Resources"]["SignedInPolicy"]["Properties"]["PolicyDocument"]
    assert policy["Version"] == "2012-10-17"
    assert "${cognito-identity.amazonaws.com:sub}" in json.dumps(template)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "is not valid YAML"),
        ("a: b", "has no Resources"),
        ("[]", "has no Resources"),
        ("", "has no Resources"),
        ("a: !!python/object/apply:os.getcwd []", "is not valid YAML"),
    ],
)
def test_broken_template_is_one_sentence(tmp_path, text, sentence):
    """What is no template is refused by its name."""
    path = tmp_path / "template.yaml"
    path.write_text(text)
    with pytest.raises(LocalRunError, match=rf"^template\.yaml {sentence}\.$"):
        load_template(path)


def test_missing_template_is_one_sentence(tmp_path):
    """A file that is not there is named with the reason."""
    with pytest.raises(LocalRunError, match=r"none\.yaml cannot be read: No such file"):
        load_template(tmp_path / "none.yaml")
