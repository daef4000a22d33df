import pytest

from tests.template.iam_judge import CannotJudge, Request, is_allowed, matches

HOME = "arn:aws:s3:::b/home/${aws:PrincipalTag/id}/*"


def policy(version="2012-10-17", **statement):
    return {
        "Version": version,
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **statement}],
    }


def get(resource="arn:aws:s3:::b/k", **context):
    known = {name.replace("__", "/").replace("_", ":"): value for name, value in context.items()}
    return Request("s3:GetObject", resource, known)


def test_nothing_is_allowed_by_itself():
    """Without a statement that allows, the answer is no."""
    assert not is_allowed([], get())
    assert not is_allowed([policy(Action="s3:PutObject")], get())


def test_a_denial_wins():
    """A denial in one policy outweighs an allowance in another."""
    assert is_allowed([policy()], get())
    assert not is_allowed([policy(), policy(Effect="Deny")], get())


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("a*", "a/b/c", True),
        ("a*", "b", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a.c", "abc", False),
        ("a", "a\n", False),
        ("*", "", True),
    ],
)
def test_wildcards(pattern, text, fits):
    """`*` is any text, `?` one character, all else is itself."""
    assert matches(pattern, text) is fits


@pytest.mark.parametrize(
    ("value", "key", "allowed"),
    [
        ("one", "home/one/x", True),
        ("one", "home/onex/x", False),
        ("*", "home/one/x", False),
        ("*", "home/*/x", True),
        (None, "home//x", False),
        (None, "home/${aws:PrincipalTag/id}/x", False),
    ],
)
def test_variables(value, key, allowed):
    """A variable is its value, literally; without a value the statement does not apply."""
    context = {} if value is None else {"aws:PrincipalTag/id": value}
    request = Request("s3:GetObject", f"arn:aws:s3:::b/{key}", context)
    assert is_allowed([policy(Resource=HOME)], request) is allowed


@pytest.mark.parametrize("character", "*?$")
def test_special_characters(character):
    """`${*}`, `${?}` and `${$}` are the characters themselves, whatever the context knows."""
    escaped = f"a${{{character}}}b"
    assert matches(escaped, f"a{character}b", {character: "x"})
    assert not matches(escaped, "axb", {character: "x"})


def test_an_old_policy_knows_no_variables():
    """In a policy of 2008 a variable is plain text."""
    request = Request("s3:GetObject", "arn:aws:s3:::b/home/one/x", {"aws:PrincipalTag/id": "one"})
    assert not is_allowed([policy("2008-10-17", Resource=HOME)], request)


@pytest.mark.parametrize(
    ("condition", "context", "allowed"),
    [
        ({"StringEquals": {"k": "v"}}, {"k": "v"}, True),
        ({"StringEquals": {"k": "v"}}, {"K": "v"}, True),
        ({"StringEquals": {"k": "v"}}, {"k": "V"}, False),
        ({"StringEquals": {"k": "v"}}, {}, False),
        ({"StringLike": {"k": ["a*", "b*"]}}, {"k": "bc"}, True),
        ({"StringLike": {"k": "a", "m": "b"}}, {"k": "a"}, False),
        ({"ForAnyValue:StringLike": {"k": "a"}}, {"k": ["b", "a"]}, True),
        ({"ForAnyValue:StringLike": {"k": "a"}}, {"k": []}, False),
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, {"k": ["a"]}, True),
        ({"ForAllValues:StringEquals": {"k": ["a"]}}, {"k": ["a", "c"]}, False),
        ({"ForAllValues:StringEquals": {"k": ["a"]}}, {}, True),
    ],
)
def test_conditions(condition, context, allowed):
    """Every operator and key has to hold; only ForAllValues holds for an absent key."""
    request = Request("s3:GetObject", "arn:aws:s3:::b/k", context)
    assert is_allowed([policy(Condition=condition)], request) is allowed


@pytest.mark.parametrize(
    "statement",
    [
        {"NotAction": "s3:PutObject"},
        {"NotResource": "x"},
        {"Condition": {"StringNotEquals": {"k": "v"}}},
        {"Condition": {"StringLikeIfExists": {"k": "v"}}},
        {"Condition": {"StringEquals": {"k": "${aws:userid}"}}},
        {"Condition": {"ForNoValue:StringLike": {"k": "v"}}},
    ],
    ids=str,
)
def test_the_unknown_is_not_judged(statement):
    """What the judge does not know is an error, neither allowed nor refused."""
    with pytest.raises(CannotJudge):
        is_allowed([policy(**statement)], Request("s3:GetObject", "r", {"k": "v"}))


def test_a_trust_is_no_right():
    """A statement with a principal counts for that principal alone."""
    trusting = policy(Principal={"AWS": "arn:one"})
    assert is_allowed([trusting], Request("s3:GetObject", "r", principal=("AWS", "arn:one")))
    assert not is_allowed([trusting], Request("s3:GetObject", "r", principal=("AWS", "arn:two")))
    assert not is_allowed([trusting], Request("s3:GetObject", "r"))
