"""What is served beside the pages: a document with a tag, or a refusal with a sentence."""

from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evidence.commands import printed

LASTS = "public, max-age=300"
_DIGITS = 32


def tag(text: str | bytes) -> str:
    """A tag of what a document is, or of what it rests on."""
    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class Document:
    """A document and its tag; no text where the asking side has it."""

    tag: str
    text: bytes = b""

    def answer(self, request: Request, media: str, lasts: str = LASTS) -> Response:
        """The text, or word that it is still the same."""
        headers = {"ETag": f'"{self.tag}"', "Cache-Control": lasts}
        if self.tag in known(request):
            return Response(status_code=304, headers=headers)
        return Response(self.text, headers=headers, media_type=media)


class Refusal(Exception):
    """A request that gets no document: the status and a sentence."""

    def __init__(self, status: int, sentence: str, **more: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.more = more

    def answer(self) -> Response:
        """The sentence as JSON."""
        again = {"Retry-After": "1"} if self.status == 503 else {}
        return Response(
            printed({"error": str(self), **self.more}),
            self.status,
            {"Cache-Control": "no-store", **again},
            "application/json",
        )


def known(request: Request) -> frozenset[str]:
    """The tags of what the asking side has. A proxy that compresses makes them weak ones."""
    words = request.headers.get("if-none-match", "").split(",")
    return frozenset(word.strip().removeprefix("W/").strip('"') for word in words)


async def absent(_: Request) -> Response:
    """The answer to any other address under `/api/`, which would else be a page of the app."""
    return Refusal(404, "There is nothing at this address.").answer()


ABSENT = (Route("/api", absent), Route("/api/{rest:path}", absent))
