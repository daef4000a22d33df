import pytest

from bucketpass.errors import RoleRefused
from bucketpass.id_token import read_claims
from bucketpass.role_choice import chosen_role

A = "arn:aws:iam::111111111111:role/path/editors"
B = "arn:aws:iam::111111111111:role/auditors"
C = "arn:aws:iam::222222222222:role/auditors"


@pytest.mark.parametrize(
    ("roles", "wanted", "chosen"),
    [
        ([A, B], None, None),
        ([], None, None),
        ([A, B], "editors", A),
        ([A, B], B, B),
        ([A, B, C], C, C),
    ],
)
def test_by_name_or_arn(make_id_token, roles, wanted, chosen):
    """None leaves it to the identity pool."""
    assert chosen_role(read_claims(make_id_token(**{"cognito:roles": roles})), wanted) == chosen


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [([], "editors"), ([A], "auditors"), ([A], "path/editors"), ([B, C], "auditors")],
)
def test_what_is_not_exactly_one_of_yours_is_refused(make_id_token, roles, wanted):
    """Before any call, and with those that are."""
    with pytest.raises(RoleRefused):
        chosen_role(read_claims(make_id_token(**{"cognito:roles": roles})), wanted)
