from dataclasses import replace

import pytest

from bucketpass.pools.diagnosis import RULES, diagnosed
from bucketpass.pools.finding import Severity
from bucketpass.pools.inventory import AppClient, Group
from tests.unit.client.pools.described_pools import (
    ACCOUNT,
    BUCKET,
    EDITING,
    GOOD,
    HOME,
    OWN,
    POOL_ID,
    SHARED,
    account,
    allow,
    arn,
    document,
    listing,
    role,
    rules_mapping,
    token_mapping,
    trust,
)

INFO, LOW, MEDIUM, HIGH = Severity
TAGGING = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
OTHER_POOL = "eu-west-1:99999999-2222-3333-4444-555555555555"

WIDE = document(allow("s3:ListBucket", BUCKET))
SAME_PRECEDENCE = (Group("editors", arn("editors"), 10), Group("auditors", arn("auditors"), 10))
FALLING_BACK = {"mappings": (token_mapping(ambiguous="AuthenticatedRole"),)}


TEAM = frozenset({"custom:team"})


def changing(name, **how):
    """The account with a role that trusts otherwise."""
    return account(roles=[role(name, HOME, SHARED, trusting=trust(**how))])


def tagging(claim, *, trusting=TAGGING, **changes):
    """The account with a principal tag; the roles allow that."""
    roles = [role(name, trusting=trust(action=trusting)) for name in ("everybody", "editors")]
    roles += [role("auditors", trusting=trust(action=trusting))]
    return account(provider={"tags": {"tag": claim}}, roles=roles, **changes)


def writable(*attributes):
    return (AppClient("web", "page", frozenset(attributes)),)


# Rule: its severity here, an account that breaks it, the nearest account that does not.
FIXTURES = {
    "guests-allowed": [
        (MEDIUM, account(pool={"guests": True}), account(pool={"guests": False})),
        (
            HIGH,
            account(
                pool={"guests": True, "guest_role": arn("guests")},
                roles=[role("guests", SHARED, trusting=trust(amr="unauthenticated"))],
            ),
            account(
                pool={"guest_role": arn("guests")},
                roles=[role("guests", SHARED, trusting=trust(amr="unauthenticated"))],
            ),
        ),
    ],
    "classic-flow-on": [(HIGH, account(pool={"classic_flow": True}), GOOD)],
    "token-check-off": [(MEDIUM, account(provider={"token_check": False}), GOOD)],
    "client-unknown": [
        (MEDIUM, account(provider={"client_id": "deleted"}), GOOD),
        (MEDIUM, account(user_pools=()), GOOD),
        (
            INFO,
            account(provider={"name": "cognito-idp.us-east-1.amazonaws.com/us-east-1_Far"}),
            GOOD,
        ),
    ],
    "trust-without-aud": [
        (HIGH, changing("everybody", aud=None), changing("everybody", aud=[OTHER_POOL, POOL_ID])),
        (HIGH, changing("editors", aud=None), GOOD),
    ],
    "trust-without-amr": [
        (MEDIUM, changing("everybody", amr=None), changing("everybody", amr="auth*")),
        (MEDIUM, changing("everybody", amr="*authenticated"), GOOD),
        (
            HIGH,
            replace(
                changing("editors", amr="unauthenticated"),
                identity_pools=account(pool={"guests": True}).identity_pools,
            ),
            account(pool={"guests": True}),
        ),
    ],
    "trust-shut": [
        (MEDIUM, changing("everybody", aud=OTHER_POOL), GOOD),
        (
            MEDIUM,
            changing("everybody", amr="unauthenticated"),
            changing("everybody", amr=["unauthenticated", "authenticated"]),
        ),
    ],
    "tag-session-missing": [
        (MEDIUM, tagging("sub", trusting="sts:AssumeRoleWithWebIdentity"), tagging("sub")),
    ],
    "role-missing": [
        (
            MEDIUM,
            account(pool={"signed_in_role": arn("gone")}, missing=frozenset({arn("gone")})),
            account(missing=frozenset({arn("of-nobody")})),
        ),
    ],
    "role-unread": [(LOW, account(unread={arn("everybody"): "IAM refused it."}), GOOD)],
    "ambiguous-mapping": [
        (
            MEDIUM,
            account(
                users={"groups": SAME_PRECEDENCE},
                pool=FALLING_BACK,
                roles=[role("editors", HOME)],
            ),
            account(pool=FALLING_BACK),
        ),
        (INFO, account(users={"groups": SAME_PRECEDENCE}, pool=FALLING_BACK), GOOD),
        (
            INFO,
            account(users={"groups": SAME_PRECEDENCE}),
            account(
                users={
                    "groups": (
                        Group("editors", arn("editors"), 10),
                        Group("writers", arn("editors"), 10),
                    )
                }
            ),
        ),
        (
            MEDIUM,
            account(
                users={
                    "groups": (
                        Group("editors", arn("editors")),
                        Group("auditors", arn("auditors")),
                    )
                },
                pool=FALLING_BACK,
                roles=[role("everybody", HOME, SHARED, EDITING)],
            ),
            GOOD,
        ),
    ],
    "group-roles-unused": [
        (
            LOW,
            account(pool={"mappings": ()}),
            account(pool={"mappings": ()}, users={"groups": (Group("readers"),)}),
        ),
    ],
    "default-role-wide": [
        (HIGH, account(roles=[role("everybody", HOME, WIDE)]), GOOD),
        (
            HIGH,
            account(roles=[role("everybody", HOME, document(listing("home/*")))]),
            account(roles=[role("everybody", HOME, document(listing(f"home/{OWN}*")))]),
        ),
        (
            HIGH,
            account(
                roles=[role("everybody", HOME, document(allow("s3:GetObject", f"{BUCKET}/home/*")))]
            ),
            account(
                roles=[
                    role("everybody", HOME, document(allow("s3:GetObject", f"{BUCKET}/home/all/*")))
                ]
            ),
        ),
        (
            MEDIUM,
            account(
                roles=[
                    role(
                        "everybody",
                        HOME,
                        document(
                            listing("", "home/", StringEquals={"s3:delimiter": "/"}),
                        ),
                    )
                ]
            ),
            account(
                roles=[
                    role(
                        "everybody",
                        HOME,
                        document(listing("", StringEquals={"s3:delimiter": "/"})),
                    )
                ]
            ),
        ),
        (
            HIGH,
            account(
                pool={"guest_role": arn("guests")},
                roles=[role("guests", WIDE, trusting=trust(amr="unauthenticated"))],
            ),
            GOOD,
        ),
    ],
    "group-role-wide": [
        (
            INFO,
            account(roles=[role("auditors", HOME, WIDE)]),
            account(roles=[role("auditors", HOME, SHARED)]),
        ),
    ],
    "group-without-home": [
        (
            LOW,
            account(roles=[role("editors", SHARED, EDITING)]),
            account(roles=[role("editors", SHARED, EDITING), role("everybody", SHARED)]),
        ),
    ],
    "open-sign-up": [
        (
            HIGH,
            account(users={"open_sign_up": True}, roles=[role("everybody", HOME, SHARED, EDITING)]),
            account(users={"open_sign_up": True}, roles=[role("everybody", HOME)]),
        ),
        (
            HIGH,
            account(users={"open_sign_up": True}, roles=[role("everybody", HOME, WIDE)]),
            account(users={"open_sign_up": False}),
        ),
        (INFO, account(users={"open_sign_up": True}), GOOD),
    ],
    "writable-tag": [
        (HIGH, tagging("email"), tagging("sub")),
        (
            HIGH,
            tagging(
                "custom:team",
                users={
                    "clients": (
                        *writable("email"),
                        AppClient("old", "", frozenset({"custom:team"})),
                    )
                },
            ),
            tagging("custom:team"),
        ),
        (
            HIGH,
            tagging(
                "custom:team",
                users={
                    "clients": writable("custom:team"),
                    "fixed": frozenset({"custom:team"}),
                    "open_sign_up": True,
                },
            ),
            tagging(
                "custom:team",
                users={"clients": writable("custom:team"), "fixed": frozenset({"custom:team"})},
            ),
        ),
    ],
    "writable-rule": [
        (
            HIGH,
            account(pool={"mappings": (rules_mapping("email"),)}),
            account(pool={"mappings": (rules_mapping("cognito:groups"),)}),
        ),
    ],
}
CASES = [
    pytest.param(code, *case, id=f"{code}-{number}")
    for code, cases in FIXTURES.items()
    for number, case in enumerate(cases)
]


def codes(inventory):
    return {finding.code for finding in diagnosed(inventory)}


def test_nothing_is_found_where_nothing_is_wrong():
    """Not even a remark."""
    assert diagnosed(GOOD) == []


def test_each_rule_has_fixtures():
    """No rule without an account that breaks it, and no fixture of a rule that is gone."""
    assert list(FIXTURES) == [rule.code for rule in RULES]


@pytest.mark.parametrize(("code", "severity", "bad", "fine"), CASES)
def test_what_is_wrong_is_found(code, severity, bad, fine):
    """With its severity and a remedy, in the account that breaks the rule."""
    found = [finding for finding in diagnosed(bad) if finding.code == code]
    assert {finding.severity for finding in found} == {severity}
    assert all(finding.where and finding.what and finding.remedy for finding in found)


@pytest.mark.parametrize(("code", "severity", "bad", "fine"), CASES)
def test_what_is_right_is_not_found(code, severity, bad, fine):
    """In the nearest account that keeps the rule."""
    assert code not in codes(fine)


def test_the_worst_comes_first_and_nothing_twice():
    """A role that two pools give is told once for what is its own."""
    second = replace(GOOD.identity_pools[0], id=OTHER_POOL, name="second")
    wide = account(
        pool={"classic_flow": True, "guests": True},
        roles=[role("everybody", HOME, WIDE, trusting=trust(aud=None))],
    )
    found = diagnosed(replace(wide, identity_pools=(*wide.identity_pools, second)))
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, reverse=True)
    assert len(found) == len(set(found))
    assert [f.code for f in found].count("default-role-wide") == 1


def test_a_role_elsewhere_is_not_silently_fine():
    """The sentence says which role was not judged, and why."""
    (finding,) = diagnosed(account(unread={f"arn:aws:iam::{ACCOUNT}:role/far": "Another account."}))
    assert (finding.where, "Another account" in finding.what) == ("role far", True)
