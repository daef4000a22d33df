"""An emulator in which some sessions have expired when they are issued.

`python -m tests.contract.expired_sessions`: those named "expired", and all of identity pools.
STS issues none for less than 15 minutes, and no test waits that long.
"""

import importlib
import os
import runpy
import time

os.environ["AUTH"] = "true"
enforcement = importlib.import_module("local.emulator.enforcement")
sts = importlib.import_module("ministack.services.sts")


def serve(original=enforcement.serve):
    register = sts.register_session

    def register_session(key, session):
        if session["Arn"].endswith(("/expired", "/CognitoIdentityCredentials")):
            session["Expiration"] = time.time() - 1
        register(key, session)

    sts.register_session = register_session
    original()


enforcement.serve = serve
runpy.run_module("local.emulator", run_name="__main__")
