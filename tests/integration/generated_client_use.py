"""Run in the tools' environment: what a person does with a client made of the document."""

import io
import json
import os
import sys

from bucketpass_client import AuthenticatedClient
from bucketpass_client.api.objects import delete_object, get_object, list_objects, put_object
from bucketpass_client.api.person import get_me
from bucketpass_client.models import Problem
from bucketpass_client.models.get_object_as import GetObjectAs
from bucketpass_client.types import File

KEY = "home/me/generated client/ü+%20.txt"

client = AuthenticatedClient(
    base_url=sys.argv[1], token=os.environ["ID_TOKEN"], raise_on_unexpected_status=True
)
me = get_me.sync(client=client)
written = put_object.sync(KEY, client=client, body=File(payload=io.BytesIO(b"hello")))
page = list_objects.sync(client=client, prefix="home/me/generated client/")
link = get_object.sync(KEY, client=client, as_=GetObjectAs.LINK)
deleted = delete_object.sync_detailed(KEY, client=client)
missing = get_object.sync(KEY, client=client, as_=GetObjectAs.LINK)
seen = {
    "written": [written.size, written.key == KEY.replace("home/me/", me.home_prefix)],
    "listed": [listed.key == written.key for listed in page.objects],
    "link": [link.size, link.limited_by],
    "deleted": deleted.status_code,
    "missing": [isinstance(missing, Problem), missing.code],
}
sys.stdout.write(json.dumps(seen))
