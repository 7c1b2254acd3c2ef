"""A bucket, of AWS or of anything else that speaks S3. The client is only loaded where one is configured."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.credentials.providers import AWSConfigProvider, ChainedProvider, EnvAWSProvider, IamAwsProvider
from minio.error import MinioException

from backups.config import Config
from backups.sentences import Stopped

PART = 16 * 2**20
PATIENCE = urllib3.Timeout(connect=10, read=60)


class GivenUp(Exception):
    """Whoever wrote failed half way: what was sent so far is dropped by the bucket."""


@dataclass(frozen=True)
class Bucket:
    client: Any
    bucket: str
    prefix: str

    @classmethod
    def of(cls, config: Config) -> "Bucket":
        found = urlsplit(config.url)
        endpoint = urlsplit(config.environ.get("TIKA_BACKUP_S3_ENDPOINT") or "https://s3.amazonaws.com")
        if not found.netloc or endpoint.scheme not in {"http", "https"} or not endpoint.netloc:
            raise Stopped(
                "TIKA_BACKUP_URL must look like s3://bucket/prefix, TIKA_BACKUP_S3_ENDPOINT like https://host."
            )
        client = Minio(
            endpoint=endpoint.netloc,
            secure=endpoint.scheme == "https",
            region=config.environ.get("AWS_REGION") or None,
            credentials=ChainedProvider([EnvAWSProvider(), AWSConfigProvider(), IamAwsProvider()]),
            http_client=urllib3.PoolManager(timeout=PATIENCE, retries=urllib3.Retry(total=3, backoff_factor=0.5)),
        )
        return cls(client, found.netloc, found.path.strip("/"))

    @property
    def where(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}".lstrip("/")

    @contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        """The client reads, so what is written goes through a pipe to a thread that sends it."""
        coming, going = os.pipe()
        sending = _Sending(self, self._key(name), coming)
        sending.start()
        try:
            with os.fdopen(going, "wb") as pipe:
                try:
                    yield pipe
                except BaseException:
                    sending.given_up = True
                    raise
        except BrokenPipeError:
            # The other end tells why, below.
            pass
        finally:
            sending.join()
        if sending.failed is not None:
            raise Stopped(f"{self.where} does not take {name}: {sending.failed}") from sending.failed

    @contextmanager
    def read(self, name: str) -> Iterator[BinaryIO]:
        try:
            answer = self.client.get_object(bucket_name=self.bucket, object_name=self._key(name))
        except (MinioException, urllib3.exceptions.HTTPError) as error:
            raise Stopped(f"{name} cannot be read from {self.where}: {error}") from error
        try:
            yield answer
        finally:
            answer.close()
            answer.release_conn()

    def names(self, prefix: str) -> Iterator[str]:
        start = self._key(prefix)
        cut = len(self._key(""))
        try:
            for found in self.client.list_objects(bucket_name=self.bucket, prefix=start, recursive=True):
                yield str(found.object_name)[cut:]
        except (MinioException, urllib3.exceptions.HTTPError) as error:
            raise Stopped(f"{self.where} cannot be listed: {error}") from error

    def remove(self, name: str) -> None:
        try:
            self.client.remove_object(bucket_name=self.bucket, object_name=self._key(name))
        except (MinioException, urllib3.exceptions.HTTPError) as error:
            raise Stopped(f"{name} cannot be removed from {self.where}: {error}") from error


class _Sending(threading.Thread):
    def __init__(self, bucket: Bucket, key: str, coming: int) -> None:
        super().__init__(name="sending", daemon=True)
        self.bucket = bucket
        self.key = key
        self.coming = coming
        self.given_up = False
        self.failed: Exception | None = None

    def run(self) -> None:
        with os.fdopen(self.coming, "rb") as self.file:
            try:
                self.bucket.client.put_object(
                    bucket_name=self.bucket.bucket, object_name=self.key, data=self, length=-1, part_size=PART
                )
            except GivenUp:
                pass
            except Exception as error:  # noqa: BLE001 - told by the thread that waits for it
                self.failed = error

    def read(self, size: int = -1) -> bytes:
        found = self.file.read(size)
        if not found and self.given_up:
            raise GivenUp
        return found
