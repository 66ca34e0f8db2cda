"""The key of reports: made once, private, and known by its public half for ever."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from samokov_portal.keys import BadKey, is_signed, key_id, known_keys, make_key, private_key, public_key


def made(folder: Path) -> Path:
    path = folder / "keys" / "report.key"
    make_key(path)
    return path


def test_key_is_for_its_owner_only(tmp_path: Path) -> None:
    path = made(tmp_path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_key_that_is_there_stays(tmp_path: Path) -> None:
    before = made(tmp_path).read_bytes()

    assert made(tmp_path).read_bytes() == before


def test_replaced_key_is_still_known_and_the_present_one_comes_first(tmp_path: Path) -> None:
    path = made(tmp_path)
    [old] = known_keys(path)
    path.unlink()
    made(tmp_path)

    present, *others = known_keys(path)

    assert present != old
    assert others == [old]


def test_keys_of_before_may_lie_elsewhere(tmp_path: Path) -> None:
    made(tmp_path)
    [pem] = (tmp_path / "keys").glob("*.pub")

    assert list(known_keys(tmp_path / "none" / "report.key", [pem])) == [pem.stem]


def test_signature_is_of_one_content_and_one_key(tmp_path: Path) -> None:
    key, other = private_key(made(tmp_path)), private_key(made(tmp_path / "other"))
    assert key is not None
    assert other is not None
    signature = key.sign(b"report")

    assert is_signed(key.public_key(), signature, b"report")
    assert not is_signed(key.public_key(), signature, b"repost")
    assert not is_signed(other.public_key(), signature, b"report")
    assert key_id(key.public_key()) != key_id(other.public_key())


def test_no_key_is_none(tmp_path: Path) -> None:
    assert private_key(tmp_path / "report.key") is None
    assert known_keys(tmp_path / "report.key") == {}


def test_what_is_no_key_of_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.key"
    path.write_text("нищо")
    other = X25519PrivateKey.generate()
    (tmp_path / "x.key").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "x.pem").write_bytes(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    with pytest.raises(BadKey, match="holds no private key"):
        private_key(path)
    with pytest.raises(BadKey, match="another kind"):
        private_key(tmp_path / "x.key")
    with pytest.raises(BadKey, match="another kind"):
        public_key(tmp_path / "x.pem")
    with pytest.raises(BadKey, match="no public key"):
        public_key(path)
    with pytest.raises(BadKey, match="cannot be read"):
        public_key(tmp_path)
