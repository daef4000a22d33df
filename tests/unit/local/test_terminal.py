import pytest

from local.terminal import Terminal

LONG = "curl " + "x" * 500 + " [red]not markup[/red] 'http://localhost:1/objects?prefix=a/'"


def test_results_go_to_stdout_unwrapped(capsys):
    """A long command stays one plain line, so that it can be pasted or piped."""
    Terminal().show(f"# title\n{LONG}")
    out, err = capsys.readouterr()
    assert out == f"# title\n{LONG}\n"
    assert err == ""


@pytest.mark.parametrize("speak", [Terminal.say, Terminal.warn])
def test_progress_goes_to_stderr(capsys, speak):
    """What is being done never mixes with results."""
    speak(Terminal(), "Doing [it]")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("Doing [it]\n")
    assert err.count("\n") == 1


def test_failure_ends_with_its_sentence(capsys):
    """What others wrote comes first, so that the sentence stands last."""
    Terminal().fail("This is why.", "their log")
    out, err = capsys.readouterr()
    assert (out, err) == ("", "their log\nThis is why.\n")
