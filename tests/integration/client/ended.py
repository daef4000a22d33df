import pexpect


def ended(terminal):
    """The exit status of the run on a terminal, once it is over."""
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus
