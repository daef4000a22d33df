import io
import threading

from local.sam_engine.output_frames import STDERR, STDOUT, OutputFrames


def test_lines_become_frames():
    """Each line is a frame: stream, three zeros, length in big endian, bytes."""
    frames = OutputFrames()
    frames.collect(STDOUT, io.BytesIO(b"one\ntwo"))
    frames.collect(STDERR, io.BytesIO(b"bad\n"))
    assert list(frames.read()) == [
        b"\x01\0\0\0\0\0\0\x04one\n",
        b"\x01\0\0\0\0\0\0\x03two",
        b"\x02\0\0\0\0\0\0\x04bad\n",
    ]


def test_every_reader_gets_everything():
    """A reader that comes late, or a second one, starts at the beginning."""
    frames = OutputFrames()
    frames.collect(STDOUT, io.BytesIO(b"one\n"))
    frames.close()
    assert list(frames.read()) == list(frames.read()) != []


def test_a_reader_waits_for_the_end():
    """Reading ends only when both streams have ended."""
    frames = OutputFrames()
    frames.collect(STDOUT, io.BytesIO(b"one\n"))
    read = []
    reader = threading.Thread(target=lambda: read.extend(frames.read()))
    reader.start()
    frames.collect(STDERR, io.BytesIO(b"two\n"))
    reader.join(10)
    assert not reader.is_alive()
    assert [frame[8:] for frame in read] == [b"one\n", b"two\n"]


def test_a_container_that_never_ran_has_no_output():
    """Closing ends a reader that waits."""
    frames = OutputFrames()
    frames.close()
    assert list(frames.read()) == []
