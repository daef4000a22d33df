"""The one way in which the local run gives up."""


class LocalRunError(Exception):
    """The local run cannot go on.

    `sentence` tells the person at the terminal what is wrong and what to do; `evidence` holds
    lines that another program wrote (a log's end, a list of failed resources) and may be empty.
    """

    def __init__(self, sentence: str, *, evidence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.evidence = evidence
