import re

from local.demo_users import GROUPS_OF_DEMO_USERS, DemoUser, new_password
from local.sam_template import load_template
from local.sign_in import Tokens
from local.stack import TEMPLATE


def test_passwords_fit_the_templates_policy():
    """A random password has the length and the kinds of letters that the user pool asks for."""
    pool = load_template(TEMPLATE)["Resources"]["UserPool"]["Properties"]
    policy = pool["Policies"]["PasswordPolicy"]
    passwords = {new_password() for _ in range(50)}
    assert len(passwords) == 50
    for password in passwords:
        assert len(password) >= policy["MinimumLength"]
        for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"):
            assert re.search(kind, password)


def test_groups_are_those_of_the_template():
    """Every group that a demo user is in exists in the template."""
    resources = load_template(TEMPLATE)["Resources"].values()
    groups = {
        resource["Properties"]["GroupName"]
        for resource in resources
        if resource["Type"] == "AWS::Cognito::UserPoolGroup"
    }
    assert {group for its in GROUPS_OF_DEMO_USERS.values() for group in its} == groups


def test_repr_shows_no_secret():
    """Neither a password nor a token stands in the repr of a user."""
    tokens = Tokens("id-token", "access-token", "refresh-token")
    text = repr(DemoUser("alice", "Aa1-secret", (), "sub", "eu-west-1:x", tokens))
    for secret in ("Aa1-secret", "id-token", "access-token", "refresh-token"):
        assert secret not in text
