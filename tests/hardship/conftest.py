"""A portal and a mail server for each module: what one test kills must not be missing in another."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feedback.mail_server import listening
from tests.hardship.portal import Portal, running_portal
from tests.hardship.postbox import PostBox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Python 3.12 and newer warn of a fork beside threads: here citizens are threads, and servers start beside them."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"))


@pytest.fixture(autouse=True)
def fast_passwords() -> None:
    """What runs here reads the settings in its own process."""


@pytest.fixture(scope="module")
def post() -> Iterator[PostBox]:
    with listening(PostBox()) as box:
        yield box  # type: ignore[misc]


@pytest.fixture(scope="session")
def shared_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the portal lies of which all others are copies."""
    # All workers of a run have one directory above their own.
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return shared / "portal"


@pytest.fixture(scope="module")
def portal(post: PostBox, shared_pattern: Path) -> Iterator[Portal]:
    with running_portal(post.port, shared_pattern) as running:
        yield running
