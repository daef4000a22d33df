"""What the page has to know of a deployment, and the policy under which a browser runs it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class PageConfig:
    """`api_url` and `sign_in_url` without a slash at the end.

    `bucket_origin` is where presigned URLs lead to.
    """

    api_url: str
    sign_in_url: str
    client_id: str
    bucket_origin: str

    @classmethod
    def of_outputs(cls, outputs: Mapping[str, Any]) -> "PageConfig":
        """From the outputs of a local stack, where one endpoint is all of AWS."""
        return cls(
            api_url=outputs["ApiUrl"],
            sign_in_url=outputs["SignInUrl"],
            client_id=outputs["UserPoolClientId"],
            bucket_origin=outputs["EndpointUrl"],
        )

    def to_json(self) -> str:
        """The page's `config.json`."""
        config = {
            "apiUrl": self.api_url,
            "signInUrl": self.sign_in_url,
            "clientId": self.client_id,
        }
        return json.dumps(config, indent=2) + "\n"

    def security_headers(self) -> dict[str, str]:
        """The headers of every answer, as any host of the page has to send them."""
        return {
            "Content-Security-Policy": self._content_security_policy(),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def _content_security_policy(self) -> str:
        api, sign_in = (_origin(url) for url in (self.api_url, self.sign_in_url))
        directives = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": f"'self' {api} {sign_in} {self.bucket_origin}",
            "frame-src": self.bucket_origin,
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
            # No text can become HTML or script, whatever a module does with it.
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }
        return "; ".join(f"{name} {value}" for name, value in directives.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
