"""The citizen's secret: how an access code is made, stored and compared."""

import re
from base64 import b32encode
from hashlib import sha256

from django.utils.crypto import constant_time_compare, salted_hmac

# 80 random bits in 16 letters; I, O, 0 and 1 do not occur in base 32 as we write it.
CODE_BYTES = 10
CODE_LETTERS = str.maketrans("IO", "89")
GROUP = 4


def access_code(nonce: str) -> str:
    """The code of the case registered with the form of this nonce, always the same: a retry shows it again.

    It is never stored; without the nonce, which is not stored either, it cannot be made again.
    """
    return _code("feedback.access_code", nonce)


def survey_code(subject: str) -> str:
    """The code by which `subject` (a certain answer or application) is spoken of in the survey, always the same.

    It is made from the portal's key, so that it can be shown again without being stored.
    """
    return _code("feedback.survey_code", subject)


def _code(salt: str, value: str) -> str:
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
    """Whether `code` is the one stored as `digest`, in constant time."""
    return constant_time_compare(access_digest(code), digest)
