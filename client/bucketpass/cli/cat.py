"""`bucketpass cat`."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.interruption import end_threads
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.session_option import with_session
from bucketpass.files.place import remote_place

if TYPE_CHECKING:
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass cat home:notes.md
    bucketpass cat home:2025.csv home:2026.csv | wc -l
    """,
)
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@with_session
def cat(session: "Session", places: tuple[str, ...]) -> None:
    """Write objects to stdout as they are."""
    from bucketpass.files.byte_ranges import ByteRanges  # noqa: PLC0415 # botocore takes long
    from bucketpass.files.meter import Meter, Watch  # noqa: PLC0415 # see above
    from bucketpass.files.transfer_run import PARTS_AT_ONCE  # noqa: PLC0415 # see above

    files = bucket_files(session)
    keys = [remote_place(place).key(session) for place in places]
    out = sys.stdout.buffer
    watch = Watch(Meter())
    threads = ThreadPoolExecutor(PARTS_AT_ONCE)
    ranges = ByteRanges(files, threads, watch)
    try:
        for key in keys:
            for block in ranges(files.head(key)):
                out.write(block)
        out.flush()
    finally:
        watch.stop.set()
        threads.shutdown(wait=False, cancel_futures=True)
        if isinstance(sys.exc_info()[1], KeyboardInterrupt):
            end_threads()
