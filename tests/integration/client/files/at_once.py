"""A machine whose commands run in this process, without starting Python for each."""

from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bucketpass.cli.main import root
from tests.integration.client.conftest import Machine


@dataclass(frozen=True)
class MachineAtOnce(Machine):
    """`run` in this process, in the home folder; `terminal` starts a process as ever."""

    def run(self, *arguments, given="", **variables):
        with self._environment(variables):
            result = CliRunner().invoke(root, arguments, input=given, prog_name="bucketpass")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return SimpleNamespace(
            returncode=result.exit_code, stdout=result.stdout, stderr=result.stderr
        )

    def terminal_there(self, *arguments):
        """As `terminal`, in the home folder."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.home)
            return self.terminal(*arguments)

    @contextmanager
    def _environment(self, variables):
        with pytest.MonkeyPatch.context() as patch:
            for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
                patch.delenv(name, raising=False)
            for name, value in {**self.environment, **variables}.items():
                patch.setenv(name, value)
            patch.chdir(self.home)
            yield


def at_once(machine):
    return MachineAtOnce(machine.home, machine.stack)


class Bucket:
    """The bucket of the stack as root sees it; names are relative to alice's folder."""

    def __init__(self, stack):
        self.s3, self.name = stack.client("s3"), stack.outputs["BucketName"]
        self.homes = {who: f"home/{user.identity_id}/" for who, user in stack.users.items()}

    def keys(self, prefix):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def names(self, folder=""):
        prefix = self.homes["alice"] + folder
        return [key[len(prefix) :] for key in self.keys(prefix)]

    def put(self, name, body=b"x", who="alice", **options):
        self.s3.put_object(Bucket=self.name, Key=self.homes[who] + name, Body=body, **options)

    def clear(self, kept):
        """Remove every object but those, and unfinished uploads."""
        for key in set(self.keys("")) - kept:
            self.s3.delete_object(Bucket=self.name, Key=key)
        for left in self.s3.list_multipart_uploads(Bucket=self.name).get("Uploads", ()):
            self.s3.abort_multipart_upload(
                Bucket=self.name, Key=left["Key"], UploadId=left["UploadId"]
            )

    def forget(self, name):
        """Remove all versions: the emulated S3 keeps them in memory."""
        told = self.s3.list_object_versions(Bucket=self.name, Prefix=self.homes["alice"] + name)
        for version in told.get("Versions", []) + told.get("DeleteMarkers", []):
            where = {"Key": version["Key"], "VersionId": version["VersionId"]}
            self.s3.delete_object(Bucket=self.name, **where)

    def body(self, name, who="alice"):
        told = self.s3.get_object(Bucket=self.name, Key=self.homes[who] + name)
        return told["Body"].read()
