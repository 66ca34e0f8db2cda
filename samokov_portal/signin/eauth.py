"""Signing in by the eAuth of the state, or another provider of OpenID Connect, which the settings name.

Authorization code with PKCE (RFC 7636), state and nonce. The ID token is always verified by the keys of the provider,
also where it came straight from them. Nothing of it is kept.
"""

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.conf import settings

PATIENCE_SECONDS = 5
LARGEST_ANSWER = 256 * 1024
# How long somebody may take at the provider.
PENDING_SECONDS = 10 * 60
LEEWAY_SECONDS = 60
# Only signatures by a key pair: with a shared secret, or none, whoever knows the client could sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class ProviderDown(Exception):
    """The provider cannot be reached, or answers what is no answer."""


class NotTrusted(Exception):
    """What came back is not an answer of the provider to what this browser asked."""


@dataclass(frozen=True)
class Pending:
    """What this browser asked the provider, kept in its session until it comes back."""

    state: str
    nonce: str
    verifier: str
    next: str
    at: float

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """An address of the provider is where it says; what leads elsewhere is an error."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def fetch(address: str, form: dict[str, str] | None = None, **headers: str) -> dict[str, Any]:
    """The JSON object at `address`. Raises ProviderDown."""
    body = urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(address, data=body, headers={"Accept": "application/json", **headers})
    try:
        with OPENER.open(request, timeout=PATIENCE_SECONDS) as answer:
            found = json.loads(answer.read(LARGEST_ANSWER))
    # JSON that is too deep for the parser raises RecursionError.
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise ProviderDown(str(error)) from error
    if not isinstance(found, dict):
        raise ProviderDown(f"{address} answered no object")
    return found


def provider() -> dict[str, Any]:
    """What the provider says of itself. Raises ProviderDown, also when it speaks of another one."""
    found = fetch(f"{settings.EAUTH_ISSUER}/.well-known/openid-configuration")
    named = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if found.get("issuer") != settings.EAUTH_ISSUER or not all(is_address(value) for value in named):
        raise ProviderDown("the provider does not name itself or its addresses")
    return found


def is_address(value: Any) -> bool:
    """Whether `value` is a whole address of the protocol by which the provider itself is reached."""
    try:
        parts = urlsplit(value)
    except (AttributeError, TypeError, ValueError):
        return False
    return isinstance(value, str) and parts.scheme == urlsplit(settings.EAUTH_ISSUER).scheme and bool(parts.hostname)


def begin(*, back: str, wanted: str) -> tuple[str, Pending]:
    """The address at the provider to which the browser is sent, and what is asked there; `back` is ours.

    Raises ProviderDown.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = Pending(state, nonce, verifier, next=wanted, at=time.time())
    challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": settings.EAUTH_CLIENT_ID,
        "redirect_uri": back,
        "scope": settings.EAUTH_SCOPE,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = provider()["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", asked


def asked_in(data: Any, state: str) -> Pending:
    """What this browser asked, if it comes back with its own `state` and in time. Raises NotTrusted."""
    if not data:
        raise NotTrusted("nothing was asked here")
    asked = Pending(**data)
    if not secrets.compare_digest(asked.state.encode(), state.encode()) or time.time() - asked.at > PENDING_SECONDS:
        raise NotTrusted("another state, or too late")
    return asked


def identifier(*, code: str, asked: Pending, back: str) -> str:
    """Who the provider says it was, by the claim of the settings. Raises ProviderDown, NotTrusted."""
    about = provider()
    claims = verified(token_for(code=code, asked=asked, back=back, about=about), fetch(about["jwks_uri"]))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), asked.nonce.encode()):
        raise NotTrusted("the token was made for another question")
    said = claims.get(settings.EAUTH_CLAIM)
    if not isinstance(said, str) or not said.strip():
        raise NotTrusted(f"the token has no {settings.EAUTH_CLAIM}")
    return said.strip()


def token_for(*, code: str, asked: Pending, back: str, about: dict[str, Any]) -> str:
    """The ID token for the `code` with which the browser came back. Raises ProviderDown, NotTrusted."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": asked.verifier}
    # As RFC 6749, 2.3.1 has it: both parts are encoded before they are joined.
    pair = f"{quote(settings.EAUTH_CLIENT_ID, safe='')}:{quote(settings.EAUTH_CLIENT_SECRET, safe='')}"
    basic = f"Basic {base64.b64encode(pair.encode()).decode()}"
    try:
        answer = fetch(about["token_endpoint"], form, Authorization=basic)
    except ProviderDown as error:
        # RFC 6749, 5.2: so it refuses a code, or us.
        if isinstance(error.__cause__, urllib.error.HTTPError) and error.__cause__.code in (400, 401):
            raise NotTrusted("the provider gives no token for this code") from error
        raise
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise NotTrusted("there is no ID token")
    return token


def verified(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """The claims of `token`: signed by a key of the provider, of it, for us, and in time. Raises NotTrusted."""
    try:
        name = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in jwt.PyJWKSet.from_dict(keys).keys if name in (None, key.key_id)]
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0] if fitting else "",
            algorithms=ALGORITHMS,
            audience=settings.EAUTH_CLIENT_ID,
            issuer=settings.EAUTH_ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotTrusted(str(error)) from error
    # OpenID Connect Core, 3.1.3.7: of several it is said for whom it was made.
    is_for_many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_for_many else settings.EAUTH_CLIENT_ID) != settings.EAUTH_CLIENT_ID:
        raise NotTrusted("the token was given to somebody else")
    return claims
