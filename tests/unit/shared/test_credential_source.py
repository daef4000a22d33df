"""Scoped credentials for verified people: cached, shared by nobody, exchanged once."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from shared.credential_source import CredentialSource
from shared.errors import (
    AmbiguousRole,
    BucketpassError,
    IdentityRefused,
    NarrowingUnavailable,
    RoleNotYours,
    ScopeNotYours,
)
from shared.exchange_pace import LONGEST_WINDOW_SECONDS
from shared.identity_pool import IdentityForgotten
from shared.principal import Principal
from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret
from shared.settings import DeployedRoles, Settings
from shared.upstream_errors import Throttled, UpstreamUnavailable

SIGNED_IN = "arn:aws:iam::123456789012:role/SignedIn"
EDITORS = "arn:aws:iam::123456789012:role/Editors"
AUDITORS = "arn:aws:iam::123456789012:role/Auditors"
MEMBER = "arn:aws:iam::123456789012:role/Member"
NAMESPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


class FakeExchange:
    """Stands for the identity pool and for STS; keeps its calls and fails by its script."""

    def __init__(self, clock, life=3600):
        self.clock = clock
        self.life = life
        self.get_ids = []
        self.exchanges = []
        self.narrowings = []
        self.failures = []
        self.generation = Counter()
        self.lock = threading.Lock()

    def identity_id(self, principal):
        with self.lock:
            self.get_ids.append(principal.sub)
            return self.current_id(principal)

    def current_id(self, principal):
        who = f"{principal.issuer}|{principal.sub}|{self.generation[principal.sub]}"
        return f"eu-central-1:{uuid5(NAMESPACE, who)}"

    def credentials(self, principal, identity_id, role, duration=None, session_policy=None):
        with self.lock:
            self.narrowings.append((duration, session_policy))
            self.exchanges.append((principal.sub, role.arn, principal.groups))
            number = len(self.exchanges)
            if self.failures:
                raise self.failures.pop(0)
            if identity_id != self.current_id(principal):
                raise IdentityForgotten("unknown")
        return ScopedCredentials(
            access_key_id=f"ASIA-{principal.sub}-{role.name}-{number}",
            secret_access_key=Secret("secret"),
            session_token=Secret("session"),
            expiration=datetime.fromtimestamp(self.clock(), UTC)
            + timedelta(seconds=duration or self.life),
            identity_id=identity_id,
            role_arn=role.arn,
        )


class Never:
    """The exchange of the other mode."""

    def credentials(self, *_arguments):
        raise AssertionError("the other mode's exchange was asked")


def settings_of(source):
    return Settings(
        region="eu-central-1",
        user_pool_id="eu-central-1_Pool",
        client_ids=("client",),
        identity_pool_id="eu-central-1:00000000-aaaa-4bbb-8ccc-dddddddddddd",
        bucket="bucket",
        credential_source=source,
        roles=DeployedRoles(
            SIGNED_IN,
            {"editors": EDITORS, "auditors": AUDITORS},
            MEMBER if source == "member-role" else None,
        ),
        allowed_origin="https://example.org",
        url_suffix="amazonaws.com",
        version="test",
        endpoint_url=None,
    )


def person(sub, *roles, **changes):
    principal = Principal(
        issuer="https://issuer",
        client_id="client",
        sub=sub,
        username=f"name of {sub}",
        groups=(),
        roles=roles,
        preferred_role=None,
        expires_at=1_800_003_600,
        id_token=Secret(f"token of {sub}"),
    )
    return replace(principal, **changes)


ALICE, BOB = person("alice"), person("bob")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def aws(clock):
    return FakeExchange(clock)


@pytest.fixture
def counts():
    return Counter()


@pytest.fixture(params=["identity-pool", "group-role"])
def source(request, aws, clock, counts):
    if request.param == "identity-pool":
        return source_of(aws, Never(), request.param, clock, counts)
    pool = FakeExchange(clock)
    pool.credentials = Never().credentials
    pool.get_ids, pool.generation = aws.get_ids, aws.generation
    return source_of(pool, aws, request.param, clock, counts)


def source_of(pool, group_role, name, clock, counts, exchanged=lambda *_: None):
    lock = threading.Lock()

    def count(event):
        with lock:
            counts[event] += 1

    return CredentialSource(
        settings=settings_of(name),
        identity_pool=pool,
        assumed_role=group_role,
        count=count,
        exchanged=exchanged,
        clock=clock,
    )


def test_a_person_gets_credentials_of_their_own(source, aws):
    """The identity id and the credentials are the person's, in the role of everybody."""
    credentials = source.credentials_for(ALICE, None)
    assert credentials.access_key_id == "ASIA-alice-SignedIn-1"
    assert credentials.identity_id == aws.current_id(ALICE)
    assert credentials.role_arn == SIGNED_IN


def test_the_second_request_costs_nothing(source, aws, counts):
    """A token of the same person and rights, though another text, is served from the cache."""
    first = source.credentials_for(ALICE, None)
    refreshed = replace(ALICE, id_token=Secret("refreshed"), expires_at=ALICE.expires_at + 60)
    assert source.credentials_for(refreshed, None) is first
    assert (len(aws.get_ids), len(aws.exchanges)) == (1, 1)
    assert counts == {
        "CredentialMiss": 1,
        "IdentityLookup": 1,
        "CredentialExchange": 1,
        "CredentialHit": 1,
    }


@pytest.mark.parametrize(
    ("passed", "at_least", "exchanges"),
    [(0, 3300, 1), (300, 3300, 1), (301, 3300, 2), (3000, 600, 1), (3001, 600, 2), (3299, 0, 1)],
)
def test_credentials_are_renewed_for_who_needs_them_longer(
    source, aws, clock, passed, at_least, exchanges
):
    """With fewer than `at_least` seconds left they are exchanged anew, and kept for the next."""
    source.credentials_for(ALICE, None)
    clock.now += passed
    renewed = source.credentials_for(ALICE, None, at_least=at_least)
    assert len(aws.exchanges) == exchanges
    assert renewed.expiration.timestamp() - clock.now >= at_least
    assert source.credentials_for(ALICE, None) is renewed


def test_credentials_that_never_live_long_enough_are_given_all_the_same(source, aws):
    """New ones are the best that there is: no loop, no error."""
    aws.life = 900
    source.credentials_for(ALICE, None, at_least=3300)
    assert len(aws.exchanges) == 1


def test_refused_credentials_are_not_given_again(source, aws):
    """Once S3 refused the session, the next request gets another; other people keep theirs."""
    refused, bobs = source.credentials_for(ALICE, None), source.credentials_for(BOB, None)
    refused.refused.set()
    fresh = source.credentials_for(ALICE, None)
    assert fresh is not refused
    assert not fresh.refused.is_set()
    assert source.credentials_for(ALICE, None) is fresh
    assert source.credentials_for(BOB, None) is bobs
    assert len(aws.exchanges) == 3


@pytest.mark.parametrize(
    "other",
    [
        person("bob"),
        person("alice", issuer="https://another"),
        person("alice", client_id="another"),
        person("alice", groups=("editors",)),
        person("alice", EDITORS),
    ],
)
def test_other_verified_facts_are_another_entry(source, aws, other):
    """Issuer, client, sub, groups and role each keep people's credentials apart."""
    mine = source.credentials_for(ALICE, None)
    assert source.credentials_for(other, None) is not mine
    assert len(aws.exchanges) == 2
    assert source.credentials_for(ALICE, None) is mine


@pytest.mark.parametrize(
    "change", [{"username": "renamed"}, {"groups": ("a", "b")}, {"expires_at": 1_800_009_999}]
)
def test_what_gives_no_rights_is_no_other_entry(source, aws, change):
    """A new name, a later token or another order of the groups costs no exchange."""
    alice = person("alice", groups=("b", "a"))
    source.credentials_for(alice, None)
    source.credentials_for(replace(alice, **change) if "groups" in change else alice, None)
    source.credentials_for(replace(alice, **{**change, "groups": ("b", "a")}), None)
    assert len(aws.exchanges) == 1


def test_a_lost_group_takes_effect_at_once(source):
    """A token without the group does not get the credentials that were cached with it."""
    before = source.credentials_for(person("erin", EDITORS, groups=("editors",)), None)
    after = source.credentials_for(person("erin"), None)
    assert (before.role_arn, after.role_arn) == (EDITORS, SIGNED_IN)
    with pytest.raises(RoleNotYours):
        source.credentials_for(person("erin"), "editors")


def test_roles_of_one_person_are_kept_apart(source):
    """Who may choose gets each role's own credentials, and must choose."""
    mia = person("mia", EDITORS, AUDITORS, groups=("editors", "auditors"))
    roles = [
        source.credentials_for(mia, name).role_arn for name in ("editors", "auditors", "Editors")
    ]
    assert roles == [EDITORS, AUDITORS, EDITORS]
    with pytest.raises(AmbiguousRole):
        source.credentials_for(mia, None)


def test_credentials_are_renewed_5_minutes_before_they_expire(source, aws, clock):
    """They serve until 3,300 s of their hour, and not a moment longer."""
    first = source.credentials_for(ALICE, None)
    clock.now += 3299
    assert source.credentials_for(ALICE, None) is first
    clock.now += 1
    assert source.credentials_for(ALICE, None) is not first
    assert (len(aws.get_ids), len(aws.exchanges)) == (1, 2)


def test_a_thawed_environment_renews(source, aws, clock):
    """Hours of freezing pass on the wall clock."""
    source.credentials_for(ALICE, None)
    clock.now += 8 * 3600
    renewed = source.credentials_for(ALICE, None)
    assert renewed.expiration.timestamp() == clock.now + 3600
    assert len(aws.exchanges) == 2


def test_the_identity_id_is_remembered_longer_than_credentials(source, aws, clock):
    """A working day costs one GetId; after a day it is asked for again."""
    for _ in range(24):
        source.credentials_for(ALICE, None)
        clock.now += 3599
    assert (len(aws.get_ids), len(aws.exchanges)) == (1, 24)
    clock.now += 3600
    source.credentials_for(ALICE, None)
    assert len(aws.get_ids) == 2


def test_the_identity_id_is_shared_by_the_roles_of_a_person(source, aws):
    """Another role is another exchange but the same identity."""
    mia = person("mia", EDITORS, AUDITORS)
    ids = {source.credentials_for(mia, name).identity_id for name in ("editors", "auditors")}
    assert ids == {aws.current_id(mia)}
    assert aws.get_ids == ["mia"]


@pytest.mark.parametrize("error", [IdentityRefused, UpstreamUnavailable])
def test_an_error_is_never_kept(source, aws, error):
    """The next request asks again, and another person is not concerned."""
    aws.failures = [error("not now")]
    with pytest.raises(error):
        source.credentials_for(ALICE, None)
    assert source.credentials_for(BOB, None).access_key_id.startswith("ASIA-bob-")
    assert source.credentials_for(ALICE, None).access_key_id.startswith("ASIA-alice-")
    assert aws.get_ids == ["alice", "bob"]


@pytest.fixture
def pool_source(aws, clock, counts):
    return source_of(aws, Never(), "identity-pool", clock, counts)


def test_a_forgotten_identity_is_asked_for_once_more(pool_source, aws, clock):
    """An identity that was deleted at Cognito is replaced by the new one, in one request."""
    old = pool_source.credentials_for(ALICE, None)
    clock.now += 3600
    aws.generation["alice"] += 1
    new = pool_source.credentials_for(ALICE, None)
    assert new.identity_id == aws.current_id(ALICE) != old.identity_id
    assert (len(aws.get_ids), len(aws.exchanges)) == (2, 3)
    clock.now += 3600
    pool_source.credentials_for(ALICE, None)
    assert len(aws.get_ids) == 2


def test_an_identity_that_stays_unknown_is_not_asked_for_forever(pool_source, aws):
    """Two exchanges at most for one request, then 502."""
    aws.failures = [IdentityForgotten("unknown")] * 5
    with pytest.raises(IdentityForgotten) as caught:
        pool_source.credentials_for(ALICE, None)
    assert (caught.value.status, caught.value.code) == (502, "upstream_error")
    assert (len(aws.get_ids), len(aws.exchanges)) == (2, 2)


@pytest.mark.parametrize("cache", ["_sessions", "_identities"])
def test_an_entry_of_another_person_is_an_internal_error(pool_source, clock, cache):
    """Should the cache ever hold a stranger's value under a key, nobody is served with it."""
    pool_source.credentials_for(ALICE, None)
    pool_source.credentials_for(BOB, None)
    entries = getattr(pool_source, cache)._entries
    of_alice, of_bob = entries
    entries[of_alice] = entries[of_bob]
    if cache == "_identities":
        pool_source._sessions._entries.clear()
    with pytest.raises(BucketpassError) as caught:
        pool_source.credentials_for(ALICE, None)
    assert type(caught.value) is BucketpassError
    assert caught.value.status == 500


def test_everybody_at_once_costs_one_exchange_each(pool_source, aws):
    """32 threads, 200 people, 6,400 requests: 200 exchanges, and nobody has another's."""
    people = [person(f"user{number}") for number in range(200)]

    def work(seed):
        order = people.copy()
        random.Random(seed).shuffle(order)  # noqa: S311 # an order, no secret
        return [belongs(pool_source.credentials_for(one, None), one, aws) for one in order]

    with ThreadPoolExecutor(32) as threads:
        assert all(all(answers) for answers in threads.map(work, range(32)))
    assert Counter(sub for sub, *_ in aws.exchanges) == Counter({one.sub: 1 for one in people})
    assert Counter(aws.get_ids) == Counter({one.sub: 1 for one in people})


def test_short_lives_and_errors_mix_nobody_up(clock, counts):
    """Credentials that end while 32 threads ask, and errors in between: each gets their own."""
    aws = FakeExchange(clock, life=301)
    chance = random.Random(7)  # noqa: S311 # a script of failures, no secret
    source = source_of(aws, Never(), "identity-pool", clock, counts)
    people = [person(f"user{number}") for number in range(200)]
    served, refused = [], []

    def work(seed):
        mine = random.Random(seed)  # noqa: S311 # an order, no secret
        for _ in range(150):
            one = mine.choice(people)
            if mine.random() < 0.1:
                with aws.lock:
                    clock.now += 0.5
                    aws.failures.append(
                        chance.choice([UpstreamUnavailable, IdentityRefused])("now")
                    )
            try:
                credentials = source.credentials_for(one, None)
            except (UpstreamUnavailable, IdentityRefused) as error:
                refused.append(type(error))
            else:
                assert belongs(credentials, one, aws)
                served.append(one.sub)
        return True

    with ThreadPoolExecutor(32) as threads:
        assert all(threads.map(work, range(32)))
    assert len(served) > 1_000
    assert set(refused) == {UpstreamUnavailable, IdentityRefused}
    assert counts["CredentialExchange"] == len(aws.exchanges)
    assert counts["CredentialMiss"] == len(aws.exchanges)
    assert len(aws.exchanges) > 200


def test_a_throttled_exchange_pauses_it_for_everybody(source, aws, clock, counts):
    """Nobody's exchange is tried until the pause is over; what is kept is given out meanwhile."""
    kept = source.credentials_for(ALICE, None)
    aws.failures = [Throttled("now")]
    with pytest.raises(Throttled):
        source.credentials_for(BOB, None)
    with pytest.raises(Throttled) as caught:
        source.credentials_for(person("carol"), None)
    assert int(caught.value.headers["Retry-After"]) >= 1
    assert source.credentials_for(ALICE, None) is kept
    assert len(aws.exchanges) == 2
    assert (counts["Throttle"], counts["ExchangeRefused"]) == (1, 1)
    clock.now += LONGEST_WINDOW_SECONDS
    assert source.credentials_for(BOB, None).access_key_id.startswith("ASIA-bob-")


def test_credentials_that_live_on_are_given_while_more_is_throttled(source, aws, clock):
    """Who wants more life than is left gets 429; the others keep what they have."""
    kept = source.credentials_for(ALICE, None)
    clock.now += 3_000
    aws.failures = [Throttled("now")]
    with pytest.raises(Throttled):
        source.credentials_for(ALICE, None, at_least=900)
    assert source.credentials_for(ALICE, None) is kept


def test_a_throttled_lookup_does_not_pause_the_exchange(source, aws, clock, counts):
    """GetId has a quota of its own: whose identity id is known is exchanged as before."""
    source.credentials_for(ALICE, None)
    clock.now += 3_600
    pool = source._identity_pool
    look_up = pool.identity_id

    def throttled(principal):
        if principal.sub == "bob":
            raise Throttled("GetId")
        return look_up(principal)

    pool.identity_id = throttled
    for _ in range(2):
        with pytest.raises(Throttled):
            source.credentials_for(BOB, None)
    assert source.credentials_for(ALICE, None).access_key_id.startswith("ASIA-alice-")
    assert (counts["Throttle"], counts["ExchangeRefused"]) == (1, 1)


def test_narrowed_exchanges_pause_with_the_others(assuming, aws):
    """They are the same call at AWS, so they have the same pause."""
    aws.failures = [Throttled("now")]
    for _ in range(2):
        with pytest.raises(Throttled):
            assuming.narrowed_credentials_for(ALICE, None, 900, whole_role)
    with pytest.raises(Throttled):
        assuming.credentials_for(BOB, None)
    assert len(aws.exchanges) == 1


def test_a_forgotten_person_is_exchanged_anew(source, aws):
    """Nothing of theirs is left, of whatever client, role and groups; others keep theirs."""
    mine = [ALICE, replace(ALICE, client_id="another"), replace(ALICE, groups=("g",))]
    others = [BOB, replace(ALICE, issuer="https://another")]
    before = [source.credentials_for(each, None) for each in mine + others]
    source.forget(ALICE)
    after = [source.credentials_for(each, None) for each in mine + others]
    assert [old is new for old, new in zip(before, after, strict=True)] == [False] * 3 + [True] * 2
    assert aws.get_ids == ["alice", "alice", "bob", "alice", "alice", "alice"]


def test_each_exchange_is_told_once(aws, clock, counts):
    """Who got which credentials, for the log; a hit and a failure are none."""
    told = []
    source = source_of(aws, Never(), "identity-pool", clock, counts, lambda *who: told.append(who))
    aws.failures = [IdentityRefused("no")]
    with pytest.raises(IdentityRefused):
        source.credentials_for(ALICE, None)
    credentials = [source.credentials_for(ALICE, None) for _ in range(3)]
    assert told == [(ALICE, credentials[0])]


def belongs(credentials, principal, aws):
    return (
        credentials.access_key_id.startswith(f"ASIA-{principal.sub}-")
        and credentials.identity_id == aws.current_id(principal)
        and credentials.role_arn == SIGNED_IN
    )


def whole_role(_role_arn, _identity_id):
    return None


@pytest.fixture
def assuming(aws, clock, counts):
    pool = FakeExchange(clock)
    pool.credentials = Never().credentials
    pool.get_ids, pool.generation = aws.get_ids, aws.generation
    return source_of(pool, aws, "group-role", clock, counts)


def test_narrowed_credentials(assuming, aws, counts):
    """They last as long as asked, under the policy made for this very role and identity."""
    asked = []

    def policy_for(*about):
        asked.append(about)
        return "a policy"

    erin = person("erin", EDITORS, groups=("editors",), preferred_role=EDITORS)
    narrowed = assuming.narrowed_credentials_for(erin, "editors", 1200, policy_for)
    assert asked == [(EDITORS, aws.current_id(erin))]
    assert aws.narrowings == [(1200, "a policy")]
    assert (narrowed.role_arn, narrowed.identity_id) == (EDITORS, aws.current_id(erin))
    assert narrowed.expiration.timestamp() == aws.clock() + 1200
    assert counts == {"IdentityLookup": 1, "CredentialExchange": 1}


def test_narrowed_credentials_are_nobody_elses(assuming, aws):
    """They neither come from what is kept nor are they kept: before and after, all is wide."""
    wide = assuming.credentials_for(ALICE, None)
    narrowed = [
        assuming.narrowed_credentials_for(ALICE, None, 900, lambda *_: "a policy") for _ in "ab"
    ]
    assert len({wide.access_key_id, *(each.access_key_id for each in narrowed)}) == 3
    assert assuming.credentials_for(ALICE, None) is wide
    assert aws.narrowings == [(None, None), (900, "a policy"), (900, "a policy")]


def test_narrowed_first_is_not_kept_either(assuming, aws):
    """Who was narrowed before anything was kept gets the whole role when they ask for it."""
    assuming.narrowed_credentials_for(ALICE, None, 900, lambda *_: "a policy")
    assuming.credentials_for(ALICE, None)
    assert aws.narrowings == [(900, "a policy"), (None, None)]
    assert len(aws.get_ids) == 1


def test_narrowing_picks_the_role_as_strictly(assuming, aws):
    """A role that the token does not carry is refused before anything is asked of AWS."""
    with pytest.raises(RoleNotYours):
        assuming.narrowed_credentials_for(ALICE, "editors", 900, whole_role)
    assert (aws.get_ids, aws.exchanges) == ([], [])


def test_a_refused_policy_is_no_exchange(assuming, aws):
    """What the policy's maker raises ends the request, without credentials of any width."""

    def refuse(*_about):
        raise ScopeNotYours("elsewhere")

    with pytest.raises(ScopeNotYours):
        assuming.narrowed_credentials_for(ALICE, None, 900, refuse)
    assert aws.exchanges == []


def test_an_identity_pool_narrows_nothing(aws, clock, counts):
    """It is said so, rather than given more than what was asked."""
    pool = source_of(aws, Never(), "identity-pool", clock, counts)
    with pytest.raises(NarrowingUnavailable) as caught:
        pool.narrowed_credentials_for(ALICE, None, 900, whole_role)
    assert (caught.value.status, caught.value.code) == (400, "narrowing_unavailable")
    assert (aws.get_ids, aws.exchanges) == ([], [])


@pytest.fixture
def members(aws, clock, counts):
    """A source whose credentials are those of the one role of everybody."""
    pool = FakeExchange(clock)
    pool.credentials = Never().credentials
    return source_of(pool, aws, "member-role", clock, counts)


def test_members_act_in_one_role_by_sts(members, aws):
    """Whatever roles the token carries, one exchange gives the member role and all groups."""
    mia = person("mia", EDITORS, AUDITORS, groups=("editors", "auditors"))
    given = members.credentials_for(mia, None)
    assert given.role_arn == MEMBER
    assert members.credentials_for(mia, "Member") is given
    assert aws.exchanges == [("mia", MEMBER, ("editors", "auditors"))]
    with pytest.raises(RoleNotYours):
        members.credentials_for(mia, "editors")


def test_who_leaves_a_group_has_new_credentials_at_once(members, aws):
    """Other groups are another entry, though the role is the same; their order is not."""
    mia = person("mia", groups=("editors", "auditors"))
    both = members.credentials_for(mia, None)
    fewer = members.credentials_for(replace(mia, groups=("auditors",)), None)
    none = members.credentials_for(replace(mia, groups=()), None)
    assert len({given.access_key_id for given in (both, fewer, none)}) == 3
    assert members.credentials_for(replace(mia, groups=("auditors", "editors")), None) is both
    assert [groups for _, _, groups in aws.exchanges] == [mia.groups, ("auditors",), ()]


def test_members_can_be_narrowed(members, aws):
    """STS takes a duration and a policy for the member role, too."""
    given = members.narrowed_credentials_for(ALICE, None, 900, lambda role, _: f"policy for {role}")
    assert given.role_arn == MEMBER
    assert aws.narrowings == [(900, f"policy for {MEMBER}")]
