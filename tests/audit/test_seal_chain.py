"""Each seal follows the one before it: one that is forged, changed, cut off or written anew is found."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.test import Client

from samokov_portal.audit.checking import Finding
from samokov_portal.audit.leaves import Block, Tree
from samokov_portal.audit.models import Seal, statement_of
from samokov_portal.audit.seals import ForgedSeal, as_signed, published, seal_history
from samokov_portal.keys import key_id
from tests.audit.sealing import KEY, KEYS, NOW, TABLE, by_force, commit, raw, seal, wrong
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
STRANGER = Ed25519PrivateKey.generate()


@pytest.mark.parametrize(
    ("key", "until", "why"),
    [
        (KEY, 99_999_999, "covers what was not written yet"),
        (STRANGER, 1, "is not signed with a key of ours"),
    ],
)
def test_nothing_is_chained_to_a_seal_that_somebody_else_added(
    sealed: list[int], key: Ed25519PrivateKey, until: int, why: str
) -> None:
    """The portal's role adds seals, and whoever has its password could add one that leaves nothing to seal."""
    signed(key, until)
    CaseFactory()
    commit()

    with pytest.raises(ForgedSeal, match=f"the seal 2 {why}"):
        seal_history(KEY, NOW)


def test_a_seal_with_the_key_of_before_a_rotation_is_followed(sealed: list[int]) -> None:
    new = Ed25519PrivateKey.generate()
    CaseFactory()
    commit()

    with pytest.raises(ForgedSeal, match="is not signed with a key of ours"):
        seal_history(new, NOW)

    assert seal_history(new, NOW, known=KEYS) is not None


def signed(key: Ed25519PrivateKey, until: int) -> None:
    """A second seal up to the count `until`, as the owner of `key` would sign it."""
    seal = Seal(number=2, until=until, at=NOW, previous="", tables=[], key_id=key_id(key.public_key()))
    content = as_signed(statement_of(seal))
    seal.digest = hashlib.sha256(content).hexdigest()
    seal.signature = key.sign(content)
    seal.save()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_seal SET at = at - interval '1 day' WHERE number = 1", ["digest", "signature"]),
        ("UPDATE audit_seal SET previous = '' WHERE number = 2", ["chain", "digest", "signature"]),
        ("UPDATE audit_seal SET key_id = 'другият' WHERE number = 2", ["unknown_key"]),
        ("UPDATE audit_seal SET signature = decode(repeat('00', 64), 'hex') WHERE number = 2", ["signature"]),
    ],
)
def test_a_seal_that_was_changed_is_found(sealed: list[int], statement: str, found: list[str]) -> None:
    CaseFactory()
    seal()

    by_force(statement, table="audit_seal")

    assert [finding.what for finding in wrong()] == found


def test_a_cut_or_rewritten_chain_is_found_by_the_published_copy(sealed: list[int]) -> None:
    CaseFactory()
    seal()
    copies = list(published(0, 10))
    by_force("DELETE FROM audit_sealedrows", table="audit_sealedrows")
    by_force("DELETE FROM audit_seal", table="audit_seal")
    assert wrong() == []  # by itself an empty chain is a good one
    assert wrong(published=copies) == [Finding("missing", 1), Finding("missing", 2)]

    by_force(f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {sealed[0]}")
    seal()

    assert Finding("rewritten", 1) in wrong(published=copies)


def test_without_the_kept_digests_a_change_is_found_though_not_located(sealed: list[int]) -> None:
    by_force(f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {sealed[0]}")
    by_force("UPDATE audit_sealedrows SET digests = sha256(digests)", table="audit_sealedrows")

    assert wrong()[0] == Finding("digests", 1, TABLE)


@pytest.mark.parametrize("table", ["audit_seal", "audit_sealedrows"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id + 1", "TRUNCATE {} CASCADE"])
def test_seals_are_only_added(sealed: list[int], table: str, statement: str) -> None:
    commit()
    with pytest.raises(IntegrityError, match="are only added"), transaction.atomic():
        raw(statement.format(table))


@pytest.mark.parametrize("size", range(1, 10))
def test_the_root_is_that_of_the_standard_tree(size: int) -> None:
    blocks = [Block(number.to_bytes(8, "big"), bytes([number]) * 32) for number in range(size)]

    def root(part: list[Block]) -> bytes:
        """RFC 6962, 2.1: split at the largest power of two smaller than the length."""
        if len(part) == 1:
            return hashlib.sha256(b"\x00" + part[0].keys + part[0].digests).digest()
        split = 1
        while split * 2 < len(part):
            split *= 2
        return hashlib.sha256(b"\x01" + root(part[:split]) + root(part[split:])).digest()

    tree = Tree()
    for block in blocks:
        tree.add(block)

    assert (tree.root, tree.count) == (root(blocks).hex(), size)


def test_seals_are_published_page_by_page(sealed: list[int], client: Client) -> None:
    CaseFactory()
    seal()

    first = client.get("/api/v1/seals/").json()
    rest = client.get("/api/v1/seals/?after=1").json()

    assert [one["number"] for one in first["seals"]] == [1, 2]
    assert [one["number"] for one in rest["seals"]] == [2]
    assert rest["seals"][0] == json.loads(json.dumps(list(published(1, 1))))[0]
    assert client.get("/api/v1/seals/?after=x").status_code == 400
    assert client.get("/api/v1/seals/?after=-1").status_code == 400
    assert client.get("/api/v1/seals/?after=99999999999999999999").status_code == 400
