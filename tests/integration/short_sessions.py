"""The emulator of the local stack, in which people's sessions live for seconds.

`python -m tests.integration.short_sessions`: STS issues none for less than 15 minutes, and no test
waits that long. Those of the function itself keep their life.
"""

import importlib
import os
import re
import runpy
import time

SECONDS = 3
_NAMED_BY_A_SUB = re.compile(r".*:assumed-role/[^/]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

if __name__ == "__main__":
    os.environ["AUTH"] = "true"
    enforcement = importlib.import_module("local.emulator.enforcement")
    sts = importlib.import_module("ministack.services.sts")

    def serve(original=enforcement.serve):
        register, future = sts.register_session, sts._future

        def register_session(key, session):
            if _NAMED_BY_A_SUB.fullmatch(session["Arn"]):
                session["Expiration"] = time.time() + SECONDS
            register(key, session)

        # What AssumeRole answers; only the function assumes roles in the local stack.
        sts._future = lambda _seconds: future(SECONDS)
        sts.register_session = register_session
        original()

    enforcement.serve = serve
    runpy.run_module("local.tether", run_name="__main__")
