"""A small provider of OpenID Connect on loopback: signs ID tokens, and holds a client to its PKCE and its secret."""

import base64
import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

CLIENT, SECRET = "samokov-portal", "тайна: %+"


@dataclass
class Provider:
    """What it knows. `claims`, `about` and `key` are changed by tests of what a false one says."""

    address: str = ""
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    signs_by: Any = None  # another key than the one that it publishes
    algorithm: str = "ES256"

    def authorize(self, address: str, **changed: str) -> str:
        """What the browser is sent back with once the person said yes at `address`."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return urlencode({"code": "code-1", "state": self.asked["state"], **changed})

    def token(self, form: dict[str, str], basic: str) -> tuple[int, Any]:
        said = base64.b64decode(basic.removeprefix("Basic ")).decode()
        made = urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        expected = f"{CLIENT}:{urlencode({'': SECRET})[1:].replace('+', '%20')}"
        is_ours = said == expected and form["redirect_uri"] == self.asked["redirect_uri"] and form["code"] == "code-1"
        if not is_ours or made != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "BG-7501011234", "iat": now, "exp": now + 60}
        claims |= {"nonce": self.asked["nonce"]} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.signs_by if self.signs_by is not None else self.key
        return 200, {"id_token": jwt.encode(claims, key, self.algorithm, headers={"kid": "k1"}), "access_token": "a"}

    def answer(self, path: str, form: dict[str, str], basic: str) -> tuple[int, bytes]:
        if path in self.answers:
            return self.answers[path]
        if path == "/token":
            status, said = self.token(form, basic)
        elif path == "/keys":
            public = json.loads(ECAlgorithm.to_jwk(self.key.public_key()))
            status, said = 200, {"keys": [public | {"kid": "k1", "use": "sig", "alg": "ES256"}]}
        else:
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            said = {"issuer": self.address} | {name: f"{self.address}/{at}" for name, at in names.items()} | self.about
            status = 200
        return status, json.dumps(said).encode()


@contextmanager
def served() -> Iterator[Provider]:
    """The provider at work."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def respond(self, form: dict[str, str]) -> None:
            status, content = provider.answer(self.path, form, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 302:
                self.send_header("Location", f"{provider.address}/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self.respond({})

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.respond({name: values[0] for name, values in sent.items()})

        def log_message(self, *_args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
