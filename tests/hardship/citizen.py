"""A citizen's browser that nobody sees: it keeps cookies, opens a form, sends it with a file, and reads the receipt."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.factories import filing
from tests.hardship.portal import HOST

FORM, TRACK = "/feedback/new/signal/", "/feedback/track/"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
NUMBER = re.compile(r"\b[А-Я]-20\d\d-\d{6}\b")
CODE = re.compile(r'<span class="code">([^<]+)</span>')
DIGEST = re.compile(r'<span class="digest">([0-9a-f]{64})</span>')
# Longer than the portal may take for a form with a file while hundreds wait.
TIMEOUT = 180.0


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """What the form on the page carries without being seen."""
        return dict(HIDDEN.findall(self.text))

    @property
    def number(self) -> str:
        """The first register number on the page, by itself; empty when there is none."""
        found = NUMBER.search(self.text)
        return found[0] if found else ""

    @property
    def receipt(self) -> "Receipt | None":
        """What a receipt says; None when the page is none."""
        code = CODE.search(self.text)
        if self.status != 200 or code is None:
            return None
        return Receipt(self.number, code[1], tuple(DIGEST.findall(self.text)))


@dataclass(frozen=True)
class Receipt:
    number: str
    code: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """What one person writes, with one file."""

    email: str
    text: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass
class Browser:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    # Where else the portal answers: whoever stands before several servers asks the next one where one is silent.
    others: tuple[int, ...] = ()

    def ask_the_next(self) -> None:
        """Turn to another server, where there are several."""
        first, *rest = (*self.others, self.port)
        self.port, self.others = first, tuple(rest)

    def open_form(self, path: str = FORM) -> dict[str, str]:
        """What the page's form carries without being seen."""
        page = self.ask("GET", path)
        assert page.status == 200, page
        return page.hidden

    def send(self, hidden: dict[str, str], matter: Matter, *, timeout: float = TIMEOUT) -> Answer:
        """Send the form that was opened, as a browser does."""
        file = SimpleUploadedFile("бележка.txt", matter.content)
        typed = filing("signal", text=matter.text, email=matter.email)
        body = encode_multipart(BOUNDARY, {**typed, **hidden, "attachments": file})
        return self.ask("POST", FORM, body, MULTIPART_CONTENT, timeout=timeout)

    def follow(self, receipt: Receipt) -> Answer:
        """The page of the case, by number and code; the page before it where that is not given."""
        page = self.ask("GET", TRACK)
        if page.status != 200:
            return page
        typed = {**page.hidden, "number": receipt.number, "code": receipt.code}
        return self.ask("POST", TRACK, urlencode(typed).encode(), "application/x-www-form-urlencoded")

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", *, timeout: float = TIMEOUT) -> Answer:
        """One request on a connection of its own. Raises OSError or HTTPException when no answer comes."""
        connection = HTTPConnection(HOST, self.port, timeout=timeout)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Content-Type": kind}
        try:
            connection.request(method, path, body, {name: value for name, value in headers.items() if value})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            # Never in place: other tabs read them meanwhile.
            self.cookies = self.cookies | {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(answer.status, text)
