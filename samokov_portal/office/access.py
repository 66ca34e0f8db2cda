"""The secret of whoever sent or asked for something: how an access code is made, stored and compared."""

import re
import secrets
from base64 import b32encode
from hashlib import sha256

from django.utils.crypto import constant_time_compare, salted_hmac

# 80 random bits in 16 letters; I, O, 0 and 1 do not occur in base 32 as we write it.
CODE_BYTES = 10
CODE_LETTERS = str.maketrans("IO", "89")
GROUP = 4
# Compared when there is nothing with such a number, so that the answer takes as long as for a wrong code.
NOBODY = sha256(b"feedback.access:").hexdigest()


def access_code(nonce: str) -> str:
    """The code of what is registered with the form of this nonce, always the same: a retry shows it again.

    It is never stored; without the nonce, which is not stored either, it cannot be made again.
    """
    # The name of the salt is older than this module; codes that people hold depend on it.
    return code_of("feedback.access_code", nonce)


def new_access_code() -> str:
    """A code that belongs to no form."""
    return access_code(secrets.token_hex(16))


def code_of(salt: str, value: str) -> str:
    """The code that the portal's key makes of `value`."""
    digest = salted_hmac(salt, value, algorithm="sha256").digest()
    letters = b32encode(digest[:CODE_BYTES]).decode().translate(CODE_LETTERS)
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def access_digest(code: str) -> str:
    """What is stored of an access code. Spaces, dashes and small letters do not matter.

    A plain digest is enough for 80 random bits, and it outlives a change of the portal's key.
    """
    letters = re.sub(r"[\s\-–—]", "", code).upper().translate(CODE_LETTERS)
    return sha256(f"feedback.access:{letters}".encode()).hexdigest()


def code_fits(code: str, digest: str) -> bool:
    """Whether `code` is the one stored as `digest`, in constant time; none fits where nothing is stored."""
    return constant_time_compare(access_digest(code), digest)
