"""`make run`: the stack in the foreground, until somebody ends it."""

import contextlib
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.outputs_file import OUTPUTS_FILE, remove_outputs, write_outputs
from local.page_config import PageConfig
from local.page_server import PageServer
from local.run_folder import RunFolder
from local.source_watch import SourceWatch
from local.welcome import Welcome

if TYPE_CHECKING:
    from local.stack import LocalStack
    from local.terminal import Terminal

_ENDING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# An ID token lives for an hour (template.yaml, IdTokenValidity).
_RENEW_SECONDS: Final = 45 * 60.0


def run_in_foreground(
    stack: "LocalStack", terminal: "Terminal", folder: Path, *, page_port: int | None, watch: bool
) -> None:
    """Open the stack, publish it in the folder, say so, and wait until a signal ends it.

    `page_port` None leaves the page away.

    Raises LocalRunError if it cannot start or its emulator ends.
    """
    started = time.monotonic()
    with contextlib.suppress(KeyboardInterrupt), _signals_interrupt(), stack:
        lent = RunFolder(folder, stack.port)
        with (
            _page(stack, page_port) as outputs,
            _published(stack, outputs, folder, lent),
            _watched(stack, terminal, watch=watch),
        ):
            terminal.say(f"Ready in {time.monotonic() - started:.1f} s")
            terminal.show(_welcome(stack, outputs, folder, lent))
            while not stack.emulator.wait(_RENEW_SECONDS):
                for username in stack.users:
                    lent.write_header(username, stack.sign_in(username).id)
            raise stack.emulator.ended("while it ran")
    terminal.say("Ended; nothing is left running")


@contextlib.contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Every ending signal is a KeyboardInterrupt, and a second one does not disturb the end."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in _ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in _ENDING_SIGNALS}
    for number in _ENDING_SIGNALS:
        if number != signal.SIGHUP or before[number] is not signal.SIG_IGN:  # nohup
            signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _page(stack: "LocalStack", port: int | None) -> Iterator[Mapping[str, Any]]:
    """Serve the page, if any, and give the outputs, `PageUrl` among them."""
    if port is None:
        yield stack.outputs
        return
    with PageServer(port, PageConfig.of_outputs(stack.outputs)) as page:
        yield {**stack.outputs, "PageUrl": page.url}


@contextlib.contextmanager
def _published(
    stack: "LocalStack", outputs: Mapping[str, Any], folder: Path, lent: RunFolder
) -> Iterator[None]:
    try:
        lent.write_environment(
            {name: stack.function_environment(name) for name in stack.code_folders}
        )
        for username, user in stack.users.items():
            lent.write_header(username, user.tokens.id)
        write_outputs(outputs, folder)
        yield
    finally:
        remove_outputs(outputs, folder)
        lent.remove()


@contextlib.contextmanager
def _watched(stack: "LocalStack", terminal: "Terminal", *, watch: bool) -> Iterator[None]:
    if not watch:
        yield
        return

    def renew(code: Path) -> None:
        try:
            stack.renew_code(code)
            terminal.say(f"{code.name}/ changed: the next request runs the new code")
        except (BotoCoreError, ClientError, OSError) as error:
            terminal.warn(f"{code.name}/ changed, but the code could not be renewed: {error}")

    with SourceWatch(set(stack.code_folders.values()), renew):
        yield


def _welcome(stack: "LocalStack", outputs: Mapping[str, Any], folder: Path, lent: RunFolder) -> str:
    return Welcome(
        outputs=outputs,
        identity_ids={name: user.identity_id for name, user in stack.users.items()},
        header_file=lent.header_file,
        outputs_file=folder / OUTPUTS_FILE,
        log=stack.emulator.log,
    ).text()
