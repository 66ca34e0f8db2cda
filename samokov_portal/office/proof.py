"""A proof of work (ALTCHA): the browser computes for a second or two, and nobody else is asked who the visitor is.

A challenge names the form it was made for. Its solution opens no other form, whichever process it is shown to, and one
form registers one row at most; so nothing needs to be remembered of the solutions that were used.
"""

import json
import secrets

from altcha import Payload, create_challenge, verify_solution
from django.conf import settings
from django.utils.crypto import salted_hmac

from samokov_portal.office.once import form_digest

ALGORITHM = "PBKDF2/SHA-256"  # browsers have it built in
# How many keys the browser derives: enough to vary, with a bound that a slow telephone also reaches.
FEWEST, MOST = 100, 400


def new_challenge(nonce: str) -> str:
    """A challenge for the form of this nonce, as JSON for the page."""
    challenge = create_challenge(
        ALGORITHM,
        settings.FILING_PROOF_COST,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST),
        data={"form": form_digest(nonce)},
        hmac_secret=_secret(),
    )
    return json.dumps(challenge.to_dict())


def is_proof(solution: str, nonce: str) -> bool:
    """Whether `solution` solves a challenge that we made for the form of this nonce."""
    if not solution or not verify_solution(solution, _secret()).verified:
        return False
    return Payload.from_base64(solution).challenge.parameters.data == {"form": form_digest(nonce)}


def _secret() -> bytes:
    return salted_hmac("office.proof", "challenge", algorithm="sha256").digest()
