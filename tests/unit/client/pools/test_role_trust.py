import pytest

from bucketpass.pools.role_trust import GUEST, SIGNED_IN, TAG_SESSION, Newcomer, admits
from tests.unit.client.pools.described_pools import COGNITO, POOL_ID, document, role, trust

PERSON, VISITOR = Newcomer(POOL_ID, SIGNED_IN), Newcomer(POOL_ID, GUEST)
STRANGER = Newcomer("eu-west-1:other", SIGNED_IN)


def trusting(condition, **statement):
    return role(
        "r",
        trusting=document(
            {
                "Effect": "Allow",
                "Principal": {"Federated": COGNITO},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": condition,
                **statement,
            }
        ),
    )


def let_in(role_):
    return [admits(role_, newcomer) for newcomer in (PERSON, VISITOR, STRANGER)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, [True, True, True]),
        ({"StringEquals": {f"{COGNITO}:aud": POOL_ID}}, [True, True, False]),
        ({"StringEquals": {"Cognito-Identity.amazonaws.com:AUD": POOL_ID}}, [True, True, False]),
        ({"StringLike": {f"{COGNITO}:aud": "eu-west-1:*"}}, [True, True, True]),
        ({"StringNotEquals": {f"{COGNITO}:aud": "eu-west-1:other"}}, [True, True, False]),
        ({"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}, [True, False, True]),
        ({"ForAnyValue:StringLike": {f"{COGNITO}:amr": "unauth*"}}, [False, True, False]),
        ({"ForAnyValue:StringEqualsIgnoreCase": {f"{COGNITO}:amr": "AUTHENTICATED"}},
         [True, False, True]),
        ({"StringEquals": {"aws:RequestTag/team": "a"}}, [True, True, True]),
        ({"Bool": {f"{COGNITO}:aud": "x"}}, [True, True, True]),
        (
            {
                "StringEquals": {"cognito-identity.cn-north-1.amazonaws.com.cn:aud": POOL_ID},
                "ForAnyValue:StringLike": {
                    "cognito-identity.cn-north-1.amazonaws.com.cn:amr": "authenticated"
                },
            },
            [True, False, False],
        ),
    ],
)  # fmt: skip
def test_who_is_let_in(condition, expected):
    """A person of the pool, a guest of the pool, a person of another pool."""
    assert let_in(trusting(condition)) == expected


def test_a_trust_in_somebody_else_lets_nobody_in():
    """Neither a service nor an account is Cognito."""
    assert let_in(trusting({}, Principal={"Service": "lambda.amazonaws.com"})) == [False] * 3
    assert let_in(trusting({}, Principal={"Federated": "accounts.google.com"})) == [False] * 3


def test_a_trust_in_everybody_is_one_in_cognito():
    """`*` as the principal."""
    assert let_in(trusting({}, Principal="*")) == [True] * 3


def test_a_deny_comes_first():
    """Guests are shut out by a statement of their own."""
    open_to_all = {
        "Effect": "Allow",
        "Principal": {"Federated": COGNITO},
        "Action": "sts:*",
        "Condition": {"StringEquals": {f"{COGNITO}:aud": POOL_ID}},
    }
    guests = {f"{COGNITO}:amr": "unauthenticated"}
    shut = {**open_to_all, "Effect": "Deny", "Condition": {"ForAnyValue:StringEquals": guests}}
    assert let_in(role("r", trusting=document(open_to_all, shut))) == [True, False, False]


def test_tags_need_an_action_of_their_own():
    """sts:TagSession beside the way in."""
    assert not admits(role("r"), PERSON, TAG_SESSION)
    assert admits(role("r", trusting=trust(action="sts:*")), PERSON, TAG_SESSION)
