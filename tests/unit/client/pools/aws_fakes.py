"""Clients of AWS that answer from tables."""

from botocore.exceptions import ClientError


def refusal(code, status=400):
    response = {
        "Error": {"Code": code, "Message": f"{code}."},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "Operation")


class FakeClient:
    """Each operation answers by a function of its arguments; a paginator gives its pages."""

    def __init__(self, **operations):
        self.operations = operations
        self.calls = []

    def __getattr__(self, name):
        if name not in self.operations:
            raise AttributeError(name)
        return lambda **arguments: self._answer(name, arguments)

    def get_paginator(self, name):
        client = self

        class Paginator:
            def paginate(self, **arguments):
                yield from client._answer(name, arguments)

        return Paginator()

    def _answer(self, name, arguments):
        self.calls.append((name, arguments))
        answer = self.operations[name](**arguments)
        if isinstance(answer, Exception):
            raise answer
        return answer
