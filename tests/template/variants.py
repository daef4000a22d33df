"""The deployments in which every invariant has to hold."""

from itertools import product

from tests.template.rendering import Rendered

_SOURCES = ("identity-pool", "group-role", "member-role")
_BROUGHT = {
    "ExistingUserPoolId": "eu-west-1_Brought01",
    "ExistingUserPoolClientId": "broughtclient",
    "ExistingBucketName": "brought-bucket",
    "AccessLogs": "true",
}

VARIANTS = {
    f"{source}, {name}": {"CredentialSource": source, **parameters}
    for source, (name, parameters) in product(
        _SOURCES, {"all created": {}, "pool and bucket brought along": _BROUGHT}.items()
    )
}


def variants_of(template) -> list[Rendered]:
    return [Rendered(template, parameters) for parameters in VARIANTS.values()]
