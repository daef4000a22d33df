"""Many processes that need fresh tokens at the same moment, again and again.

Arguments: processes, rounds. What the tokens of each round were is printed, as JSON.
"""

import json
import multiprocessing
import stat
import sys

from bucketpass.connection import Connection
from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.profile_choice import choose_profile
from bucketpass.token_refresh import FreshTokens
from bucketpass.token_store import choose_store


def main(processes: int, rounds: int) -> None:
    # a single-threaded parent may fork, and what it has imported need not be imported again
    context = multiprocessing.get_context("fork")
    connection = Connection(choose_profile())
    pool = connection.user_pool
    kept = KeptSignIn(connection.profile, choose_store())
    moment = context.Value("d", kept.read().expires_at)
    barrier = context.Barrier(processes)
    results = context.SimpleQueue()

    def work() -> None:
        try:
            results.put(seen_in_all_rounds())
        except BaseException as error:
            barrier.abort()
            results.put([[repr(error)], []])
            raise

    def seen_in_all_rounds() -> list[list[object]]:
        fresh = FreshTokens(kept, pool, lambda: moment.value)
        seen, modes = [], set()
        for _ in range(rounds):
            barrier.wait(60)
            seen.append(fresh().refresh_token.reveal())
            modes.add(stat.S_IMODE(kept._store._path("default").stat().st_mode))
            if barrier.wait(60) == 0:
                moment.value = kept.read().expires_at
        return [seen, sorted(modes)]

    children = [context.Process(target=work) for _ in range(processes)]
    for child in children:
        child.start()
    answers = [results.get() for _ in children]
    for child in children:
        child.join()
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
