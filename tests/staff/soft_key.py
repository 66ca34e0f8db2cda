"""A security key in software: answers what the pages of the portal ask, as a browser with a real one does."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

ORIGIN, HERE = "https://testserver", "testserver"
PRESENT, WITH_KEY = 0x01, 0x40


@dataclass
class SoftKey:
    """One key pair. `count` is how often it was used; a key whose count stays at 0 does not count."""

    origin: str = ORIGIN
    count: int = 0
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(HERE.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        name = websafe_encode(self.handle)
        response = {part: websafe_encode(value) for part, value in parts.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def create(self, options: str) -> dict[str, Any]:
        """The answer to what a page asks of a new key."""
        public = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        data = self._data(PRESENT | WITH_KEY) + bytes(16) + struct.pack(">H", len(self.handle)) + self.handle + public
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        challenge = json.loads(options)["publicKey"]["challenge"]
        return self._answer(clientDataJSON=self._said("create", challenge), attestationObject=made)

    def get(self, options: str) -> dict[str, Any]:
        """The answer to what a page asks of a key that it knows."""
        said, data = self._said("get", json.loads(options)["publicKey"]["challenge"]), self._data(PRESENT)
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)
