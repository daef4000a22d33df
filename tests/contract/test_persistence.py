"""What outlasts a restart where the state is kept."""

from tests.contract.cloud import IdentityPool, UserPool, allow, code_of, root_keys, running


def test_restart(tmp_path):
    """Users, roles, mappings, objects and identities outlast a restart, with their rules."""
    keys, kept = root_keys(), {"PERSIST_STATE": "1", "S3_PERSIST": "1"}
    with running(tmp_path, keys=keys, **kept) as cloud:
        users = UserPool(cloud, "kept")
        pool = IdentityPool(cloud, "kept", users)
        own = "arn:aws:s3:::kept/home/${cognito-identity.amazonaws.com:sub}/*"
        role = cloud.role("kept", pool.trust(), allow("s3:GetObject", Resource=own))
        users.group("kept", role, 1)
        users.user("alice", "kept")
        pool.roles(role, {"Type": "Token", "AmbiguousRoleResolution": "Deny"})
        identity = pool.identity(users.logins("alice"))
        cloud.bucket("kept", f"home/{identity}/a", "home/other/a")
        cloud.client("s3").put_object(
            Bucket="kept", Key="shared/ü b", Body=b"x", Metadata={"a": "b"}
        )
    with running(tmp_path, keys=keys, **kept) as cloud:
        users.cloud = pool.cloud = cloud
        logins = users.logins("alice")
        assert pool.identity(logins) == identity
        s3 = cloud.client("s3", pool.keys(logins))
        body = s3.get_object(Bucket="kept", Key=f"home/{identity}/a")["Body"].read()
        assert body == f"body of home/{identity}/a".encode()
        assert code_of(s3.get_object, Bucket="kept", Key="home/other/a") == "AccessDenied"
        head = cloud.client("s3").head_object(Bucket="kept", Key="shared/ü b")
        assert head["Metadata"] == {"a": "b"}
