"""The headers of every answer, which tell browsers what its page may do and who may use it."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Scope

from backend.addresses import host_name, is_loopback

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
OTHER_CONTENT_POLICIES = {
    # Swagger starts from a script in its page and sets styles in its elements.
    "/docs": CONTENT_POLICY.replace("'self';", "'self' 'unsafe-inline';", 1),
    "/token": CONTENT_POLICY.replace("form-action 'none'", "form-action 'self'"),
}
UNUSED = "camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb"
"""Abilities of browsers that neither the page nor anything in it asks for."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{ability}=()" for ability in UNUSED),
    # Browsers ask each time whether a response has changed, so an updated page shows at once.
    "Cache-Control": "no-cache",
}


def add_headers(headers: MutableHeaders, path: str, *, trustworthy: bool) -> None:
    """Add what an answer has not set itself; its content policy is always ours.

    Args:
        headers: Of the answer.
        path: That was asked for.
        trustworthy: Whether nobody between here and the browser can change the answer (`is_trustworthy`).
    """
    headers["Content-Security-Policy"] = OTHER_CONTENT_POLICIES.get(path, CONTENT_POLICY)
    if trustworthy:  # elsewhere browsers ignore it, and complain
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def is_trustworthy(scope: Scope) -> bool:
    """Whether browsers take the server's origin for trustworthy: by TLS, or as it is on the same machine."""
    name = host_name(Headers(scope=scope).get("Host", ""))
    return scope["scheme"] in ("https", "wss") or is_loopback(name)
