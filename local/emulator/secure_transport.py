"""Loopback http presented as secure transport.

Nothing leaves the machine, and TLS would need a certificate that every client trusts; with
`aws:SecureTransport` false, a bucket policy that demands TLS (S3 user guide,
security-best-practices) would refuse everything. The template stays as it is deployed.
"""

# ruff: noqa: SLF001 # its private names are what is replaced
import ipaddress

from ministack.core import iam_evaluator

from local.emulator.replacement import replace


def install() -> None:
    """Call a request from loopback secure; any other is what its scheme says."""
    replace(iam_evaluator, "pin_request_origin", "de819c1bd9ac2be4", _pin_request_origin)


def _pin_request_origin(source_ip: str, secure_transport: bool) -> None:  # noqa: FBT001 # its signature
    is_loopback = ipaddress.ip_address(source_ip).is_loopback
    iam_evaluator._request_origin.set((source_ip, secure_transport or is_loopback))
