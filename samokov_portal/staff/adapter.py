"""How django-allauth keeps what second factors are made of: encrypted, under a key that is not in the database."""

from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

PURPOSE = b"samokov_portal.second-factor"


def cipher() -> MultiFernet:
    """Encrypts with the key of today, and reads what older keys of the settings wrote."""
    secrets = [settings.SECOND_FACTOR_KEY or settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(derived(secret))) for secret in secrets])


def derived(secret: str) -> bytes:
    """32 bytes for this purpose alone."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())


class FactorAdapter(DefaultMFAAdapter):
    """Seeds of codes are stored encrypted; an authenticator app names the portal and the person."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return _("Портал на хартата – Самоков")

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()
