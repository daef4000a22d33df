"""The credential cache under load: nobody acts as another, and AWS is asked as seldom as can be."""

import base64
import hmac
import random
import threading
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.credentials import Credentials

from shared import credential_source
from shared.aws_clients import build_clients
from shared.credential_source import CAPACITY, RENEWAL_SECONDS, CredentialSource
from shared.principal import Principal
from shared.request_credentials import acting_as
from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret
from shared.settings import DeployedRoles, Settings
from shared.upstream_errors import Throttled

THREADS, PEOPLE, CALLS = 64, 1_000, 200_000
START, SECONDS_PER_CALL = 1_800_000_000.0, 0.05
HALF_TIME = START + CALLS * SECONDS_PER_CALL / 2
SHORTEST_LIFE, LONGEST_LIFE = 900, 3600
# AWS throttles every exchange between each two of these moments (seconds from the start).
QUOTA_USED_UP = [1_000, 1_100, 3_500, 3_800, 7_000, 7_005]
# Each so many calls go through the whole client and are signed as S3 asks. The others are signed by
# its signer alone, with the same credentials in half the time: by the old signature of S3.
WHOLE_CLIENT_EACH = 200
SIMPLY_SIGNED = {"auth_type": "s3"}

ROLE = "arn:aws:iam::123456789012:role/"
SIGNED_IN, EDITORS, AUDITORS = f"{ROLE}SignedIn", f"{ROLE}Editors", f"{ROLE}Auditors"
REGION, BUCKET = "eu-central-1", "the-bucket"
BUCKET_URL = f"https://{BUCKET}.s3.{REGION}.amazonaws.com"
SETTINGS = Settings(
    region=REGION,
    user_pool_id="eu-central-1_Pool",
    client_ids=("client",),
    identity_pool_id="eu-central-1:00000000-aaaa-4bbb-8ccc-dddddddddddd",
    bucket=BUCKET,
    credential_source="group-role",
    roles=DeployedRoles(SIGNED_IN, {"editors": EDITORS, "auditors": AUDITORS}),
    allowed_origin="https://example.org",
    url_suffix="amazonaws.com",
    version="test",
    endpoint_url=None,
)


class Clock:
    """Goes on with each call, not with the time of the machine."""

    def __init__(self):
        self.now = START
        self._calls = count(1)

    def __call__(self):
        return self.now

    def tick(self):
        self.now = START + next(self._calls) * SECONDS_PER_CALL


def session_of(principal, role_arn):
    """The rights under which credentials may be kept: another one of these is another entry."""
    return f"{principal.sub}/{role_arn.removeprefix(ROLE)}/{'+'.join(principal.groups)}"


def life(session, number):
    """How long the session's credentials of that number live: odd, but known beforehand."""
    chance = random.Random(f"{session} {number}")  # noqa: S311 # a script, no secret
    return chance.randint(SHORTEST_LIFE, LONGEST_LIFE)


class FakeAws:
    """GetId and AssumeRole; knows whose each key is, and which secret belongs to it."""

    def __init__(self, clock):
        self.clock = clock
        self.lock = threading.Lock()
        self.lookups = Counter()
        self.throttled = 0
        self.issued = Counter()
        self.owners = {}

    def identity_id(self, principal):
        _take_a_while()
        with self.lock:
            self.lookups[principal.sub] += 1
        return f"eu-central-1:{principal.sub}"

    def credentials(self, principal, identity_id, role):
        assert identity_id == f"eu-central-1:{principal.sub}"
        session, now = session_of(principal, role.arn), self.clock()
        _take_a_while()
        with self.lock:
            if bisect_right(QUOTA_USED_UP, now - START) % 2:
                self.throttled += 1
                raise Throttled("Throttling")
            self.issued[session] += 1
            key_id = f"ASIA{sum(self.issued.values()):016}"
            self.owners[key_id] = session
        return ScopedCredentials(
            access_key_id=key_id,
            secret_access_key=Secret(f"secret of {key_id}"),
            session_token=Secret(f"token of {key_id}"),
            expiration=datetime.fromtimestamp(now + life(session, self.issued[session]), UTC),
            identity_id=identity_id,
            role_arn=role.arn,
        )


def _take_a_while():
    # As a network call does: the other threads go on, and ask for the same.
    time.sleep(0.000_5)


class StubS3:
    """Where a signed request arrives. The path of each is the session that it is meant for.

    It judges by what arrived alone: whose key signed, whether that person's secret gives the same
    signature, and whose token came along.
    """

    def __init__(self, aws):
        self.aws = aws
        self.keys = defaultdict(set)
        self.from_whole_client = 0

    def receive(self, request):
        """A request by the old signature (Amazon S3 API Reference, "Signing REST requests")."""
        path, headers = request.url.removeprefix(BUCKET_URL), request.headers
        key_id, _, signature = headers["Authorization"].removeprefix("AWS ").partition(":")
        token = headers["x-amz-security-token"]
        self._owned_by(path, key_id, token)
        signed = f"GET\n\n\n{headers['Date']}\nx-amz-security-token:{token}\n{path}"
        made = hmac.digest(f"secret of {key_id}".encode(), signed.encode(), "sha1")
        assert signature == base64.b64encode(made).decode()

    def answer(self, request, **_event):
        """Stands where the network of the whole client begins."""
        authorization = _text(request.headers["Authorization"])
        key_id = authorization.partition("Credential=")[2].partition("/")[0]
        token = _text(request.headers["X-Amz-Security-Token"])
        self._owned_by(urlsplit(request.url).path, key_id, token)
        assert authorization.endswith(f"Signature={_signature(request, authorization, key_id)}")
        self.from_whole_client += 1
        return AWSResponse(request.url, 200, {}, SimpleNamespace(stream=lambda **_: iter(())))

    def _owned_by(self, path, key_id, token):
        session = unquote(path[1:])
        assert self.aws.owners[key_id] == session
        assert token == f"token of {key_id}"
        self.keys[session].add(key_id)


def _signature(request, authorization, key_id):
    signed = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = AWSRequest(request.method, request.url)
    for name in signed:
        if name != "host":
            again.headers[name] = _text(request.headers[name])
    again.context["timestamp"] = _text(request.headers["X-Amz-Date"])
    auth = S3SigV4Auth(Credentials(key_id, f"secret of {key_id}"), "s3", REGION)
    return auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


class People:
    """1,000 people: 600 of no group; 250 editors who leave at half time; 150 of both groups."""

    def __init__(self):
        self.before = [self._person(number, leaves=False) for number in range(PEOPLE)]
        self.after = [self._person(number, leaves=True) for number in range(PEOPLE)]

    def token_at(self, number, now):
        """The person as their ID token of this moment tells."""
        return (self.before if now < HALF_TIME else self.after)[number]

    @staticmethod
    def _person(number, *, leaves):
        groups = ()
        if number >= 850:
            groups = ("editors", "auditors")
        elif number >= 600 and not leaves:
            groups = ("editors",)
        return Principal(
            issuer="https://issuer",
            client_id="client",
            sub=str(UUID(int=number)),
            username=f"user{number}",
            groups=groups,
            roles=tuple(SETTINGS.roles.by_group[group] for group in groups),
            preferred_role=None,
            expires_at=int(START) + 10**6,
            id_token=Secret("token"),
        )


class Load:
    """What the threads do: ask for a person's credentials, and sign a request with them."""

    def __init__(self, calls=CALLS):
        self.calls = calls
        self.clock = Clock()
        self.aws = FakeAws(self.clock)
        self.s3 = StubS3(self.aws)
        self.people = People()
        self.counts = Counter()
        self.served = defaultdict(list)
        self.refused = 0
        self._lock = threading.Lock()
        self._client = build_clients(SETTINGS).s3
        self._client.meta.events.register_last("before-send.s3", self.s3.answer)
        self._source = CredentialSource(
            settings=SETTINGS,
            identity_pool=self.aws,
            assumed_role=self.aws,
            count=self._count,
            clock=self.clock,
        )

    def run(self):
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(self._work, range(THREADS)))
        self._client.close()

    def _work(self, seed):
        chance = random.Random(seed)  # noqa: S311 # an order, no secret
        served, refused = defaultdict(list), 0
        for number in range(self.calls // THREADS):
            self.clock.tick()
            # A few people ask most of the time.
            person = int(PEOPLE * chance.random() ** 2)
            principal = self.people.token_at(person, self.clock())
            wanted = chance.choice(principal.groups) if principal.groups else None
            asked_at = self.clock()
            try:
                credentials = self._source.credentials_for(principal, wanted)
            except Throttled:
                refused += 1
                # Nobody comes back at once: the one exchange that tries again gets its turn.
                _take_a_while()
                continue
            session = session_of(principal, SETTINGS.roles.by_group.get(wanted, SIGNED_IN))
            served[session].append(asked_at)
            with acting_as(credentials):
                self._request(session, whole_client=number % WHOLE_CLIENT_EACH == 0)
        with self._lock:
            self.refused += refused
            for session, moments in served.items():
                self.served[session] += moments

    def _request(self, session, *, whole_client):
        if whole_client:
            self._client.head_object(Bucket=BUCKET, Key=session)
            return
        request = AWSRequest("GET", f"{BUCKET_URL}/{session}")
        request.context.update(SIMPLY_SIGNED)
        self._client._request_signer.sign("GetObject", request)
        self.s3.receive(request)

    def _count(self, name):
        with self._lock:
            self.counts[name] += 1

    def fewest_exchanges(self):
        """How many would do for what was served: a new one only where nothing is left to keep."""
        return sum(map(self._fewest, self.served))

    def _fewest(self, session):
        number, kept_until = 0, 0.0
        for moment in sorted(self.served[session]):
            if moment >= kept_until:
                number += 1
                kept_until = moment + life(session, number) - RENEWAL_SECONDS
        return number


@pytest.fixture(scope="module")
def load():
    load = Load()
    load.run()
    return load


def test_no_request_is_signed_with_another_key(load):
    """Each request arrived with a token and a signature of the very person, role and groups."""
    served = sum(map(len, load.served.values()))
    assert served + load.refused == CALLS
    assert served > 0.98 * CALLS
    assert load.s3.from_whole_client > 0.95 * CALLS / WHOLE_CLIENT_EACH
    assert load.s3.keys.keys() == load.served.keys()
    assert len({session.partition("/")[0] for session in load.served}) == PEOPLE
    assert PEOPLE < len(load.served) < CAPACITY


def test_aws_is_asked_as_seldom_as_can_be(load):
    """Exchanges within 5 % of the ideal, the throttled among them; one lookup per person."""
    ideal = load.fewest_exchanges()
    issued = sum(load.aws.issued.values())
    assert ideal > 3 * PEOPLE
    assert 0.95 * ideal <= issued <= 1.05 * ideal
    assert issued + load.aws.throttled <= 1.05 * ideal
    assert load.counts["CredentialExchange"] == issued + load.aws.throttled
    assert load.aws.lookups == {str(UUID(int=number)): 1 for number in range(PEOPLE)}


def test_a_used_up_quota_is_left_alone(load):
    """Far more requests were turned away here than AWS had to throttle."""
    assert load.counts["Throttle"] == load.aws.throttled > 0
    # Who waited for another's exchange was refused with it.
    assert load.refused >= load.counts["Throttle"] + load.counts["ExchangeRefused"]
    assert load.aws.throttled < load.refused / 3


FEW, SHORT_CALLS = 300, 20_032


@pytest.fixture(scope="module")
def crowded():
    """The same people at a cache that has room for a third of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credential_source, "CAPACITY", FEW)
        load = Load(SHORT_CALLS)
    load.run()
    return load


def test_who_had_to_go_comes_back_as_oneself(crowded):
    """With people driven out all the time, each request still has the key of its very person."""
    served = sum(map(len, crowded.served.values()))
    assert served + crowded.refused == SHORT_CALLS
    assert served > 0.95 * SHORT_CALLS
    assert crowded.s3.keys.keys() == crowded.served.keys()


def test_a_full_cache_keeps_to_its_room(crowded):
    """No more is kept than there is room for, and who was driven out is asked for anew."""
    source = crowded._source
    for cache in (source._sessions, source._identities):
        assert len(cache._entries) <= FEW
    assert sum(crowded.aws.issued.values()) > 2 * crowded.fewest_exchanges()
    assert sum(crowded.aws.lookups.values()) > 2 * PEOPLE
