"""A refusal of the API, as the tests compare it."""


def refusal(answer):
    """Status and code of the problem document that the answer holds."""
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:bucketpass:problem:{body['code']}"
    return answer.status_code, body["code"]
