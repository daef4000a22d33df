"""The code of docs/coming-from, run as it stands there: one clean process for each page."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bucketpass import Session
from tests.integration.client.code_cells import run_cells

PAGES = Path(__file__).parents[3] / "docs" / "coming-from"
OF_PEOPLE = ("notebook", "temporary-credentials", "put-file")
JOB = """\
import os
import boto3
from botocore.exceptions import ClientError
s3 = boto3.client("s3")
print(s3.list_objects_v2(Bucket=os.environ["BUCKET"], Prefix=os.environ["ALICES"])["KeyCount"] > 0)
try:
    s3.list_objects_v2(Bucket=os.environ["BUCKET"], Prefix=os.environ["BOBS"])
except ClientError as error:
    print(error.response["Error"]["Code"])
"""
# `login` asks on a terminal; here the password comes from a file
BUCKETPASS = """\
#!/bin/sh
if [ "$1" = login ]; then
  exec {python} -m bucketpass "$@" --password-stdin < {password}
fi
exec {python} -m bucketpass "$@"
"""


@pytest.fixture
def stands_for(pool_stack):
    """What the names of the pages stand for."""
    outputs, users = pool_stack.outputs, pool_stack.users
    return {
        "eu-west-1_AbCdEfGhI": outputs["UserPoolId"],
        "1234567890abcdefghijklmnop": outputs["UserPoolClientId"],
        "eu-west-1:11111111-2222-3333-4444-555555555555": outputs["IdentityPoolId"],
        "my-bucket": outputs["BucketName"],
        "123456789012": outputs["SignedInRoleArn"].split(":")[4],
        "eu-west-1:aaaaaaaa-1111-4222-8333-444444444444": users["alice"].identity_id,
        "eu-west-1:bbbbbbbb-1111-4222-8333-444444444444": users["bob"].identity_id,
    }


@pytest.fixture
def blocks(stands_for):
    """The blocks of a page as (language, text), each name replaced by what it stands for."""

    def of_page(name):
        text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
        for written, real in stands_for.items():
            text = text.replace(written, real)
        return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)

    return of_page


@pytest.fixture
def environment(machine, pool_stack):
    """What the pages presume, in alice's hands."""
    outputs, users = pool_stack.outputs, pool_stack.users
    (machine.home / "report.txt").write_text("A report.\n")
    (machine.home / "job.py").write_text(JOB)
    password = machine.home / "password"
    password.write_text(users["alice"].password + "\n")
    program = machine.home / "bin" / "bucketpass"
    program.parent.mkdir()
    program.write_text(
        BUCKETPASS.format(
            python=shlex.quote(sys.executable),
            password=shlex.quote(str(password)),
        )
    )
    program.chmod(0o700)
    places = [str(program.parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    return {
        **machine.environment,
        "PATH": os.pathsep.join(places),
        "BUCKETPASS_ENDPOINT_URL": outputs["EndpointUrl"],
        "AWS_ENDPOINT_URL": outputs["EndpointUrl"],
        "ID_TOKEN": users["alice"].tokens.id,
        "BUCKET": outputs["BucketName"],
        "ALICES": f"home/{users['alice'].identity_id}/",
        "BOBS": f"home/{users['bob'].identity_id}/",
    }


@pytest.fixture
def administrators(environment, pool_stack):
    """The same machine in the hands of the account's administrator."""
    keys = pool_stack.client("sts")._request_signer._credentials
    return {
        **environment,
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_DEFAULT_REGION": pool_stack.outputs["Region"],
    }


def of_language(wanted, blocks):
    """Each block in that language with the block of text after it, None where there is none."""
    following = [*blocks[1:], ("", "")]
    return [
        (text, after if kind == "text" else None)
        for (language, text), (kind, after) in zip(blocks, following, strict=True)
        if language == wanted
    ]


def differs(wanted, shown):
    """How they differ; empty if they do not.

    `...` stands for anything within its line, alone for any number of lines. How many blanks
    stand between words, and empty lines, make no difference.
    """
    lines = [" ".join(line.split()) for line in wanted.splitlines() if line.strip()]
    pattern = "".join(
        "(.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in lines
    )
    came = "".join(" ".join(line.split()) + "\n" for line in shown.splitlines() if line.strip())
    return "" if re.fullmatch(pattern, came) else f"The page says:\n{wanted}\nThis came:\n{shown}"


@pytest.mark.parametrize("page", OF_PEOPLE)
def test_the_code_does_what_the_page_says(page, blocks, environment, machine):
    """Each block of Python runs and shows what stands below it, and no block shows a secret."""
    machine.login("alice")
    password = machine.password("alice")
    cells = of_language("python", blocks(page))
    shown = run_cells([source for source, _ in cells], environment, machine.home, password)
    checked = [(wanted, text) for (_, wanted), text in zip(cells, shown, strict=True) if wanted]
    assert len(checked) >= 2
    assert [differs(wanted, text) for wanted, text in checked] == [""] * len(checked)
    everything = "".join(shown)
    assert password not in everything
    assert not re.search(r"ASIA|eyJ", everything)


def in_shell(script, environment, folder):
    return subprocess.run(  # noqa: S603 # the pages of this project
        ["/bin/sh", "-euc", script],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_commands_that_spare_the_code(blocks, environment, machine):
    """A job that knows nothing but AWS is alice, by `exec` and by a profile."""
    ((script, _),) = of_language("sh", blocks("temporary-credentials"))
    done = in_shell(script, environment, machine.home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "AccessDenied"] * 2


def test_the_upload_without_code(blocks, environment, machine, pool_stack):
    """The file arrives in alice's folder and is listed there."""
    (machine.home / "report.txt").write_text("Uploaded without code.\n")
    ((script, listing),) = of_language("sh", blocks("put-file"))
    done = in_shell(script, environment, machine.home)
    assert done.returncode == 0, done.stderr
    assert differs(listing, done.stdout) == ""
    stored = pool_stack.client("s3").get_object(
        Bucket=environment["BUCKET"], Key=f"{environment['ALICES']}report.txt"
    )
    assert stored["Body"].read() == b"Uploaded without code.\n"


def test_the_pools_and_their_bindings(blocks, administrators, machine, settings):
    """The loop and the commands find the same, and each shows what stands below it."""
    alice = Session.sign_in("alice", machine.password("alice"), **settings)
    alice.ask_service("/me")  # an exchange, for the log that tells whose a folder is
    page = blocks("which-pool")
    commands = of_language("sh", page)
    told = [in_shell(command, administrators, machine.home) for command, _ in commands]
    assert [done.stderr for done in told if done.returncode != 0] == []
    cells = of_language("python", page)
    shown = run_cells([source for source, _ in cells], administrators, machine.home)
    outputs = [done.stdout for done in told] + shown
    pairs = zip(commands + cells, outputs, strict=True)
    checked = [differs(wanted, output) for (_, wanted), output in pairs if wanted]
    assert checked == [""] * 5


def test_what_stands_below_a_block_is_compared():
    """A page that says something else is found out."""
    assert differs("['hello.txt']\n", "['other.txt']\n") != ""
    assert differs("[...'hello.txt'...]\n", "['a', 'hello.txt', 'b']\n") == ""
    assert differs("a ... b\n", "a x\ny b\n") != ""
    assert differs("...\nb  c\n...\n", "b c\n") == differs("...\nb\n", "a\n\nb\n") == ""
    assert differs("...\nb\n", "b\nc\n") != ""
    listed = [("python", "1"), ("text", "1"), ("python", "2"), ("sh", "true")]
    assert of_language("python", listed) == [("1", "1"), ("2", None)]
    assert of_language("sh", listed) == [("true", None)]


def test_the_index_names_every_page():
    """And nothing that is not there."""
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", index))
    assert linked == {page.name for page in PAGES.glob("*.md")} - {"README.md"}


def test_every_link_leads_somewhere():
    """From each page, to other pages and to the examples."""
    broken = [
        (page.name, link)
        for page in PAGES.glob("*.md")
        for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []
