"""The bindings both ways as a JSON document."""

from collections.abc import Mapping
from typing import Any

from bucketpass.pools.binding import Binding, bindings_by_client, bindings_of
from bucketpass.pools.inventory import IdentityPool, Inventory, RoleMapping, UserPool

Bound = Mapping[tuple[str, str], list[Binding]]


def document(inventory: Inventory) -> dict[str, Any]:
    """The whole inventory: members in camel case, null for what is not there."""
    bound = bindings_by_client(inventory)
    return {
        "account": inventory.account,
        "region": inventory.region,
        "userPools": [_user_pool(pool, bound) for pool in inventory.user_pools],
        "identityPools": [_identity_pool(inventory, pool) for pool in inventory.identity_pools],
    }


def _user_pool(pool: UserPool, bound: Bound) -> dict[str, Any]:
    return {
        "id": pool.id,
        "name": pool.name,
        "clients": [
            {
                "id": client.id,
                "name": client.name,
                "identityPools": [b.identity_pool.id for b in bound.get((pool.id, client.id), [])],
            }
            for client in pool.clients
        ],
        "groups": [
            {"name": group.name, "roleArn": group.role_arn, "precedence": group.precedence}
            for group in pool.groups
        ],
    }


def _identity_pool(inventory: Inventory, pool: IdentityPool) -> dict[str, Any]:
    return {
        "id": pool.id,
        "name": pool.name,
        "guests": pool.guests,
        "classicFlow": pool.classic_flow,
        "userPools": [
            {
                "userPoolId": binding.provider.user_pool_id,
                "clientId": binding.provider.client_id,
                "found": binding.client is not None,
                "serverSideTokenCheck": binding.provider.token_check,
                "principalTags": binding.provider.tags,
            }
            for binding in bindings_of(inventory, pool)
        ],
        "otherProviders": list(pool.other_providers),
        "roles": {"authenticated": pool.signed_in_role, "unauthenticated": pool.guest_role},
        "roleMappings": [_mapping(mapping) for mapping in pool.mappings],
    }


def _mapping(mapping: RoleMapping) -> dict[str, Any]:
    return {
        "provider": mapping.provider,
        "type": mapping.type,
        "ambiguousRoleResolution": mapping.ambiguous,
        "rules": [
            {
                "claim": rule.claim,
                "matchType": rule.match_type,
                "value": rule.value,
                "roleArn": rule.role_arn,
            }
            for rule in mapping.rules
        ],
    }
