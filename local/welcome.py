"""What the local run says when it is ready: what runs where, and commands to paste."""

import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.client import OK
from pathlib import Path
from typing import Any

from local.route_examples import OTHER_PEOPLE, REFUSALS, ROUTE_EXAMPLES, RouteExample


@dataclass(frozen=True)
class Welcome:
    """The facts of a stack that stands.

    `identity_ids` by user name; `header_file` names the file with a user's Authorization header.
    """

    outputs: Mapping[str, Any]
    identity_ids: Mapping[str, str]
    header_file: Callable[[str], Path]
    outputs_file: Path
    log: Path

    def text(self) -> str:
        """The whole message; every line that starts with `curl` can be pasted into a shell."""
        return "\n".join(
            [
                *self._places(),
                *self._section("Every route, as Alice", ROUTE_EXAMPLES),
                *self._section("Refused, by IAM or before it", REFUSALS),
                *self._section("Other people", OTHER_PEOPLE),
                "",
                "A token for your own tools:  make -s token WHO=alice",
                "Ctrl-C ends all of it.",
            ]
        )

    def curl(self, example: RouteExample) -> str:
        """The example as one command for a shell; the end of its output is a new line."""
        words = ["curl", "-s", *example.options.split(), "-w", r"\n"]
        if example.username:
            words += ["-H", f"@{self.header_file(example.username)}"]
        path = example.path.format(**self.identity_ids)
        return shlex.join([*words, f"{self.outputs['ApiUrl']}{path}"])

    def _places(self) -> list[str]:
        people = ", ".join(
            f"{user['username']} ({', '.join(user['groups'])})"
            if user["groups"]
            else str(user["username"])
            for user in self.outputs["Users"]
        )
        outputs = self.outputs
        # The one secret that is shown: a newcomer has to type it, and it opens nothing else.
        alice = next(user for user in outputs["Users"] if user["username"] == "alice")
        page = (
            {"Page": f"{outputs['PageUrl']}  (sign in as alice, password {alice['password']})"}
            if "PageUrl" in outputs
            else {}
        )
        facts = {
            **page,
            "API": outputs["ApiUrl"],
            "AWS": f"{outputs['EndpointUrl']} (emulated, region {outputs['Region']})",
            "Bucket": outputs["BucketName"],
            "User pool": f"{outputs['UserPoolId']}, app client {outputs['UserPoolClientId']}",
            "Credentials": f"by {outputs['CredentialSource']}",
            "People": people,
            "Passwords": f"in {self.outputs_file}, with all outputs",
            "Log": self.log,
        }
        return [f"{name:12} {fact}" for name, fact in facts.items()]

    def _section(self, title: str, examples: Iterable[RouteExample]) -> list[str]:
        lines = ["", f"── {title} ──"]
        for example in examples:
            expected = "" if example.status == OK else f"  -> {example.status}"
            lines += [f"# {example.says}{expected}", self.curl(example)]
        return lines
