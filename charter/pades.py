"""The qualified signature in the file itself (PAdES), put there and checked by pyHanko.

pyHanko is loaded only where there is such a signature to make or to check: it takes long.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIELD = "ReportSignature"


class BadCertificate(Exception):
    """The PKCS#12 file cannot be read, or its password is wrong."""


@dataclass(frozen=True)
class Sealed:
    """One signature of the file: who its certificate names, and whether the file is as it was when it was signed."""

    signer: str
    is_intact: bool


def sign(pdf: bytes, key_file: Path, password: str) -> bytes:
    """`pdf` with a signature (PAdES B-B) that keeps PDF/A-3a and PDF/UA-1. Raises BadCertificate."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    class Writer(IncrementalPdfFileWriter):
        """Leaves the metadata as they are: written anew they would lose what PDF/UA-1 asks for."""

        def _update_meta(self) -> None:
            return

    signer = signers.SimpleSigner.load_pkcs12(str(key_file), passphrase=password.encode())
    if signer is None:
        raise BadCertificate(f"{key_file} cannot be read as PKCS#12 with this password")
    spec = fields.SigFieldSpec(
        FIELD,
        # Nobody sees the field; outside the page it needs no place among what is read aloud.
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
        readable_field_name="Подпис на доклада",
    )
    meta = signers.PdfSignatureMetadata(field_name=FIELD, subfilter=fields.SigSeedSubFilter.PADES)
    signed = signers.PdfSigner(meta, signer, new_field_spec=spec).sign_pdf(Writer(io.BytesIO(pdf)))
    return bytes(signed.getvalue())


def signatures(pdf: bytes) -> list[Sealed]:
    """The signatures in the file, the certificates taken as they are; whom to trust is the reader's to say."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import SignatureCoverageLevel  # noqa: PLC0415

    whole = {SignatureCoverageLevel.ENTIRE_FILE}
    found = []
    for one in PdfFileReader(io.BytesIO(pdf)).embedded_signatures:
        one.compute_integrity_info()
        found.append(Sealed(name_of(one), is_intact(one) and one.coverage in whole))
    return found


def name_of(signature: Any) -> str:
    """Whom the certificate of a signature names."""
    return str(signature.signer_cert.subject.human_friendly)[:200]


def is_intact(signature: Any) -> bool:
    """Whether the signed bytes are those, and signed by the owner of the certificate."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415

    intact, valid = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        "data",
        signature.compute_digest(),
    )
    return bool(intact and valid)
