"""A store that speaks S3, on this machine, with one bucket in it for as long as a test needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

HOST = "127.0.0.1"
BUCKET, REGION = "attachments", "eu-central-1"
KEY, SECRET = "key", "secret"


@dataclass(frozen=True)
class Store:
    """The bucket as its owner sees it, and the settings by which the portal reaches it."""

    owner: Any
    told: dict[str, str]


@contextmanager
def running_store() -> Iterator[Store]:
    server = ThreadedMotoServer(ip_address=HOST, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    owner = boto3.client(
        "s3", endpoint_url=endpoint, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )
    try:
        owner.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield Store(owner, settings_of(endpoint))
    finally:
        owner.close()
        # What moto holds belongs to the process, not to the server: the next one would find it.
        forget_everything(host, port)
        server.stop()


def forget_everything(host: str, port: int) -> None:
    connection = HTTPConnection(host, port, timeout=10)
    connection.request("POST", "/moto-api/reset")
    assert connection.getresponse().status == 200
    connection.close()


def settings_of(endpoint: str) -> dict[str, str]:
    values = {"BUCKET": BUCKET, "ENDPOINT": endpoint, "REGION": REGION, "ACCESS_KEY": KEY, "SECRET_KEY": SECRET}
    return {f"ATTACHMENTS_S3_{name}": value for name, value in values.items()}
