# ruff: noqa: INP001 # a script, no package
"""Upload a file into one's own folder: sign in by SRP, upload, sign out.

Prints the object's key. Where to sign in comes from the profile that `bucketpass configure` wrote,
or from BUCKETPASS_* variables; the exit status of a failure is that of the command `bucketpass`.

    pass show work/cognito | python upload_by_srp.py alice report.txt --password-stdin
"""

import argparse
import sys
from getpass import getpass
from pathlib import Path

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError

from bucketpass import BucketpassError, Session
from bucketpass.exit_status import OTHER, status_of


def upload(path: Path, username: str, password: str, profile: str | None) -> str:
    """The key under which the file now stands in the person's folder."""
    session = Session.sign_in(username, password, profile=profile)
    try:
        key = f"{session.home}{path.name}"
        session.client("s3").upload_file(str(path), session.bucket, key)
    finally:
        session.sign_out()
    return key


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description="Upload a file into your own folder.")
    parser.add_argument("username")
    parser.add_argument("file", type=Path)
    parser.add_argument("--profile", metavar="NAME", help="the profile to use")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from the first line of stdin",
    )
    given = parser.parse_args()
    if not given.file.is_file():
        parser.error(f"there is no file {given.file}")
    password = sys.stdin.readline().rstrip("\r\n") if given.password_stdin else getpass()
    try:
        key = upload(given.file, given.username, password, given.profile)
    except BucketpassError as error:
        sys.stderr.write(f"{error}\n")
        return status_of(error)
    except (Boto3Error, BotoCoreError) as error:
        sys.stderr.write(f"{error}\n")
        return OTHER
    sys.stdout.write(f"{key}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
