"""The one error of the emulator's start: it cannot promise the enforcement it stands for."""


class EmulatorMismatch(RuntimeError):
    """The installed emulator or its environment is not the one the enforcement was written for.

    Its text is one sentence that says what is wrong and what to do.
    """
