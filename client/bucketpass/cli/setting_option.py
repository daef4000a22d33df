"""One option per setting of a profile."""

from collections.abc import Callable
from typing import Any

import click

from bucketpass.profile_setting import SETTINGS

Command = Callable[..., Any]


def setting_options(command: Command) -> Command:
    """Give the command an option for each setting; a value of None was not given."""
    for setting in reversed(SETTINGS):
        option = click.option(setting.flag, metavar=setting.metavar, help=setting.help)
        command = option(command)
    return command
