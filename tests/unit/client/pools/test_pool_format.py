import csv
import io
import json
from dataclasses import replace

from bucketpass.pools.inventory import IdentityPool, Provider, UserPool
from bucketpass.pools.pool_format import FORMATS
from tests.unit.client.pools.described_pools import (
    ACCOUNT,
    GOOD,
    POOL_ID,
    PROVIDER,
    USER_POOL_ID,
    account,
    arn,
    rules_mapping,
)

LONELY = UserPool("eu-west-1_Lonely", 'the "lonely", one')
GUESTS = IdentityPool("eu-west-1:guests", "guests", guests=True, guest_role=arn("visitor"))
STALE = IdentityPool("eu-west-1:stale", "stale", providers=(Provider(PROVIDER, "deleted"),))
MANY = replace(
    GOOD,
    user_pools=(*GOOD.user_pools, LONELY),
    identity_pools=(*GOOD.identity_pools, GUESTS, STALE),
)


def shown(name, inventory=MANY):
    return FORMATS[name](inventory)


def rows(inventory=MANY):
    return list(csv.DictReader(io.StringIO(shown("csv", inventory))))


def test_json_has_the_bindings_both_ways():
    """From the client to the identity pool, and from the identity pool to the client."""
    told = json.loads(shown("json"))
    assert (told["account"], told["region"]) == (ACCOUNT, "eu-west-1")
    people, lonely = told["userPools"]
    assert people["clients"] == [{"id": "web", "name": "page", "identityPools": [POOL_ID]}]
    assert lonely["clients"] == []
    files, guests, stale = told["identityPools"]
    assert files["userPools"] == [
        {
            "userPoolId": USER_POOL_ID,
            "clientId": "web",
            "found": True,
            "serverSideTokenCheck": True,
            "principalTags": None,
        }
    ]
    assert files["roles"] == {"authenticated": arn("everybody"), "unauthenticated": None}
    assert (guests["guests"], guests["userPools"]) == (True, [])
    assert [bound["found"] for bound in stale["userPools"]] == [False]


def test_json_tells_rules():
    """Claim, comparison, value and role, in the order in which AWS tries them."""
    told = json.loads(shown("json", account(pool={"mappings": (rules_mapping("email"),)})))
    assert told["identityPools"][0]["roleMappings"][0]["rules"] == [
        {"claim": "email", "matchType": "Equals", "value": "boss", "roleArn": arn("editors")}
    ]


def test_csv_has_a_row_for_each_binding_and_each_pool_without_one():
    """Nothing is left out because it is not bound; names are quoted as RFC 4180 has it."""
    found = [(row["user_pool_name"], row["client_id"], row["identity_pool_name"]) for row in rows()]
    assert found == [
        ("people", "web", "files"),
        ('the "lonely", one', "", ""),
        ("", "", "guests"),
        ("people", "deleted", "stale"),
    ]


def test_csv_tells_how_an_identity_pool_is_set():
    """Also of one that trusts nobody."""
    files, _, guests, _ = rows()
    assert files["role_mapping"] == "Token (Deny)"
    assert (files["guests"], files["classic_flow"], files["server_side_token_check"]) == (
        "no",
        "no",
        "yes",
    )
    assert (guests["guests"], guests["unauthenticated_role"]) == ("yes", "visitor")


def test_mermaid_is_a_flowchart():
    """Every pool is a node, every binding an edge; quotes cannot end a label."""
    lines = shown("mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    assert '  n0[("people<br/>eu-west-1_People")]' in lines
    assert '  n2[("the #34;lonely#34;, one<br/>eu-west-1_Lonely")]' in lines
    assert '  n1 -->|"trusted by"| n3' in lines
    assert any(line.endswith('[/"eu-west-1_People<br/>deleted"/]') for line in lines)
    assert any(line.endswith('|"group editors"| n8') for line in lines), lines


def test_dot_is_a_digraph():
    """The same for Graphviz."""
    lines = shown("dot").splitlines()
    assert (lines[0], lines[-1]) == ("digraph pools {", "}")
    assert r'  n2 [shape=cylinder, label="the \"lonely\", one\neu-west-1_Lonely"];' in lines
    assert '  n1 -> n3 [label="trusted by"];' in lines


def test_an_account_without_pools():
    """Empty, and still in form."""
    empty = replace(GOOD, user_pools=(), identity_pools=())
    assert json.loads(shown("json", empty))["identityPools"] == []
    assert rows(empty) == []
    assert shown("mermaid", empty) == "flowchart LR"
