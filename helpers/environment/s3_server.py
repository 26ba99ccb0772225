"""A small S3 server on this machine, to try an object store without having one. Used by the notebook about machines."""

from __future__ import annotations

import logging
import os
from importlib.util import find_spec

from pyarrow.fs import FileSystem

from helpers.store import Address

BUCKET = "s3://course"


def start() -> Address | None:
    """Start moto's server in a thread, make a bucket, and let this process and its children find them.

    Returns
    -------
    Address or None
        The bucket; None where the package moto is not installed.
    """
    if not find_spec("moto"):
        return None
    from moto.server import ThreadedMotoServer  # takes seconds, and is seldom there

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line for each request
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    os.environ |= dict.fromkeys(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "any")
    files, name = FileSystem.from_uri(f"{BUCKET}?allow_bucket_creation=true")
    files.create_dir(name)
    return Address(BUCKET)
