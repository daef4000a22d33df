"""The AWS SDKs' own configuration file, into which a profile is written."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bucketpass.atomic_file import replace_file
from bucketpass.errors import ConfigurationError

# Keys that come before credential_process in the SDKs' order, or say that the section is another's.
_FOREIGN: Final = frozenset(
    {"aws_access_key_id", "role_arn", "sso_session", "sso_start_url", "web_identity_token_file"}
)
_OWN: Final = ("credential_process", "region", "endpoint_url")


def aws_config_path(environ: Mapping[str, str] = os.environ) -> Path:
    """AWS_CONFIG_FILE, else `~/.aws/config`."""
    return Path(environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()


def write_profile(
    path: Path, name: str, settings: Mapping[str, str], *, replace: bool = False
) -> bool:
    """Make `[profile NAME]` have these settings; whether the file had to change.

    Everything else in the file stays as it is, comments and other settings of the profile
    included. Of the settings that this package writes, those not given are removed. Raises
    ConfigurationError if the profile gets its credentials elsewhere, unless `replace` is true:
    then such settings go.
    """
    path = path.resolve() if path.is_symlink() else path
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    new = with_profile(old, name, settings, replace=replace)
    if new == old:
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, new, path.stat().st_mode & 0o777 if path.exists() else 0o600)
    return True


def with_profile(text: str, name: str, settings: Mapping[str, str], *, replace: bool) -> str:
    """The text of the file with the profile in it; see `write_profile`."""
    header = "[default]" if name == "default" else f"[profile {name}]"
    lines = text.splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if _is_header(line, header)), None)
    section = [f"{key} = {value}\n" for key, value in settings.items()]
    if start is None:
        gap = "\n" if text and not text.endswith("\n\n") else ""
        end = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{end}{gap}{header}\n{''.join(section)}"
    end_at = next(
        (i for i in range(start + 1, len(lines)) if lines[i].lstrip().startswith("[")), len(lines)
    )
    kept = _kept(lines[start + 1 : end_at], name, replace=replace)
    return "".join([*lines[: start + 1], *section, *kept, *lines[end_at:]])


def _kept(lines: list[str], name: str, *, replace: bool) -> list[str]:
    keys = [_key(line) for line in lines]
    process = next((line for line, key in zip(lines, keys, strict=True) if key == _OWN[0]), "")
    foreign = sorted(_FOREIGN.intersection(key for key in keys if key))
    if process and "bucketpass" not in process:
        foreign.append("credential_process")
    if foreign and not replace:
        raise ConfigurationError(
            f"Profile {name!r} already has {foreign[0]}, which is not of this program.",
            remedy="Choose another name, or overwrite it with --force.",
        )
    dropped = {*_OWN, *_FOREIGN}
    return [line for line, key in zip(lines, keys, strict=True) if key not in dropped]


def _key(line: str) -> str | None:
    # an indented line belongs to the nested setting above it
    found = re.match(r"([A-Za-z0-9_]+)\s*=", line)
    return found.group(1).lower() if found else None


def _is_header(line: str, header: str) -> bool:
    return re.sub(r"\s+", " ", line.split("#", maxsplit=1)[0].strip()) == header
