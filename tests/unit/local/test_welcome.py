import shlex
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.demo_users import GROUPS_OF_DEMO_USERS
from local.route_examples import OTHER_PEOPLE, REFUSALS, ROUTE_EXAMPLES
from local.sam_template import load_template, routes
from local.stack import TEMPLATE
from local.welcome import Welcome

API = "http://localhost:4599/restapis/abc/v1/_user_request_"


@pytest.fixture
def welcome():
    return Welcome(
        outputs={
            "ApiUrl": API,
            "EndpointUrl": "http://127.0.0.1:4599",
            "Region": "eu-west-1",
            "BucketName": "the-bucket",
            "UserPoolId": "eu-west-1_Pool",
            "UserPoolClientId": "client",
            "CredentialSource": "identity-pool",
            "Users": [
                {"username": name, "password": f"Aa1-{name}", "groups": list(groups)}
                for name, groups in GROUPS_OF_DEMO_USERS.items()
            ],
        },
        identity_ids={name: f"eu-west-1:{name}" for name in GROUPS_OF_DEMO_USERS},
        header_file=lambda name: Path("/with space/.local/4599") / name,
        outputs_file=Path("/with space/.local/outputs.json"),
        log=Path("/state/emulator.log"),
    )


def test_every_route_of_the_template_has_one_example():
    """A route cannot be added to the template without a command that shows it."""
    assert sorted(e.route for e in ROUTE_EXAMPLES) == sorted(routes(load_template(TEMPLATE)))


def test_other_examples_are_of_known_routes_and_people():
    """Refusals and other people's requests go to routes that exist, by people who exist."""
    for example in (*ROUTE_EXAMPLES, *REFUSALS, *OTHER_PEOPLE):
        assert example.route in routes(load_template(TEMPLATE))
        assert example.username in {None, *GROUPS_OF_DEMO_USERS}


def test_every_example_is_one_line_to_paste(welcome):
    """Each example is printed once, as a line that a shell reads as curl, header file and URL."""
    examples = (*ROUTE_EXAMPLES, *REFUSALS, *OTHER_PEOPLE)
    curls = [line for line in welcome.text().splitlines() if line.startswith("curl ")]
    assert len(curls) == len(examples)
    for line, example in zip(curls, examples, strict=True):
        words = shlex.split(line)
        assert words[-1].startswith(f"{API}/")
        assert "{" not in words[-1]
        header = f"@/with space/.local/4599/{example.username}"
        assert (header in words) is (example.username is not None)


def test_refusals_announce_their_status(welcome):
    """Who pastes a command that is to be refused knows it before."""
    lines = welcome.text().splitlines()
    for example in REFUSALS:
        assert example.status in {401, 403}
        assert f"# {example.says}  -> {example.status}" in lines


def test_bobs_folder_is_named_by_his_identity_id(welcome):
    """The refused commands go to the folder that is really Bob's."""
    refused = [urlsplit(shlex.split(welcome.curl(e))[-1]) for e in REFUSALS if e.status == 403]
    assert len(refused) == 2
    for url in refused:
        assert "home/eu-west-1:bob/" in url.path + url.query


def test_no_secret_is_printed(welcome):
    """The message names the file with the passwords and holds none of them."""
    text = welcome.text()
    assert "/with space/.local/outputs.json" in text
    assert "Aa1-" not in text


def test_the_page_comes_first_where_there_is_one(welcome):
    """Its address and what to type there are the first line; without a page it is left away."""
    assert not welcome.text().startswith("Page")
    with_page = replace(welcome, outputs={**welcome.outputs, "PageUrl": "http://localhost:8080/"})
    first = with_page.text().splitlines()[0]
    assert first.startswith("Page         http://localhost:8080/")
    assert first.endswith("(sign in as alice, password Aa1-alice)")
    assert with_page.text().count("Aa1-") == 1
