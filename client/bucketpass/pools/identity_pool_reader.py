"""Reads identity pools with their providers, roles and principal tags."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bucketpass.pools.inventory import IdentityPool, MappingRule, Provider, RoleMapping

if TYPE_CHECKING:
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_identity.type_defs import CognitoIdentityProviderTypeDef

# The most that one answer of Cognito holds.
_PAGE: Final = 60
# What UseDefaults stands for with a user pool (developer guide, "Using attributes for access
# control").
_DEFAULT_TAGS: Final = {"username": "sub", "client": "aud"}


def identity_pools(
    client: "CognitoIdentityClient", report: Callable[[str], None]
) -> Iterator[IdentityPool]:
    """Every identity pool of the region."""
    for page in client.get_paginator("list_identity_pools").paginate(
        PaginationConfig={"PageSize": _PAGE}
    ):
        for listed in page["IdentityPools"]:
            report(f"identity pool {listed['IdentityPoolName']}")
            yield identity_pool(client, listed["IdentityPoolId"])


def identity_pool(client: "CognitoIdentityClient", pool_id: str) -> IdentityPool:
    """That identity pool."""
    described = client.describe_identity_pool(IdentityPoolId=pool_id)
    given = client.get_identity_pool_roles(IdentityPoolId=pool_id)
    roles, mappings = given.get("Roles", {}), given.get("RoleMappings", {})
    return IdentityPool(
        id=pool_id,
        name=described["IdentityPoolName"],
        guests=described.get("AllowUnauthenticatedIdentities", False),
        classic_flow=described.get("AllowClassicFlow", False),
        providers=tuple(
            _provider(client, pool_id, provider)
            for provider in described.get("CognitoIdentityProviders", [])
        ),
        other_providers=tuple(_others(described)),
        signed_in_role=roles.get("authenticated"),
        guest_role=roles.get("unauthenticated"),
        mappings=tuple(_mapping(key, mapping) for key, mapping in mappings.items()),
    )


def _provider(
    client: "CognitoIdentityClient", pool_id: str, described: "CognitoIdentityProviderTypeDef"
) -> Provider:
    name = described.get("ProviderName", "")
    return Provider(
        name=name,
        client_id=described.get("ClientId", ""),
        token_check=described.get("ServerSideTokenCheck", False),
        tags=_tags(client, pool_id, name),
    )


def _tags(client: "CognitoIdentityClient", pool_id: str, provider: str) -> dict[str, str] | None:
    try:
        found = client.get_principal_tag_attribute_map(
            IdentityPoolId=pool_id, IdentityProviderName=provider
        )
    except ClientError as error:
        # Cognito's answer for a provider whose attributes are not used
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    if found.get("UseDefaults"):
        return dict(_DEFAULT_TAGS)
    return dict(found.get("PrincipalTags", {})) or None


def _others(described: Mapping[str, Any]) -> Iterator[str]:
    yield from described.get("SupportedLoginProviders") or {}
    yield from described.get("OpenIdConnectProviderARNs") or []
    yield from described.get("SamlProviderARNs") or []
    if developer := described.get("DeveloperProviderName"):
        yield developer


def _mapping(key: str, raw: Mapping[str, Any]) -> RoleMapping:
    rules = (raw.get("RulesConfiguration") or {}).get("Rules") or []
    return RoleMapping(
        provider=key,
        type=raw["Type"],
        ambiguous=raw.get("AmbiguousRoleResolution"),
        rules=tuple(
            MappingRule(rule["Claim"], rule["MatchType"], rule["Value"], rule["RoleARN"])
            for rule in rules
        ),
    )
