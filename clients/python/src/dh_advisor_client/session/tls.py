"""TLS for a connection: whose host is trusted, and who the client is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import grpc

from dh_advisor_client.status import InvalidInput
from dh_advisor_client.wire.input_checks import require, text

_LARGEST_TEXT = 1 << 20


@dataclass(frozen=True)
class TlsOptions:
    """Each a text in PEM form, or the path of a file with one of at most 1 MiB, read when a session opens."""

    ca: str = ""
    """Authorities, one of which must have signed the host's certificate. Empty: those that gRPC knows."""
    certificate: str = ""
    """Own certificate, then those that signed it, for a host that asks for one. Empty: none is shown."""
    key: str = ""
    """Private key of it, without a passphrase."""
    server_name: str = ""
    """Name or IP address that the host's certificate must be of. Empty: the one in `SessionOptions.address`."""

    def read(self) -> TlsOptions:
        """The same with texts in place of paths. Raises `InvalidInput`, which names the field."""
        missing = "tls.certificate" if self.key else "tls.key"
        require(
            bool(self.certificate) == bool(self.key), missing, "is empty; a certificate and its key belong together"
        )
        text(self.server_name, "tls.server_name")
        return replace(
            self,
            ca=_pem(self.ca, "tls.ca", "CERTIFICATE"),
            certificate=_pem(self.certificate, "tls.certificate", "CERTIFICATE"),
            key=_pem(self.key, "tls.key", "PRIVATE KEY"),
        )


def channel_credentials(tls: TlsOptions) -> grpc.ChannelCredentials:
    """Of options that have been read."""

    def known(value: str) -> bytes | None:
        return value.encode() or None

    return grpc.ssl_channel_credentials(known(tls.ca), known(tls.key), known(tls.certificate))


def _pem(value: str, field: str, what: str) -> str:
    where = ""
    if value and "-----BEGIN " not in value:
        text(value, field)
        where = f": {value}"
        try:
            with Path(value).open("rb") as file:
                content = file.read(_LARGEST_TEXT + 1)
        except OSError as fault:
            raise InvalidInput(f"{field} cannot be read: {fault}") from None
        require(len(content) <= _LARGEST_TEXT, field, f"is no PEM file{where} is larger than 1 MiB")
        value = content.decode("utf-8", errors="replace")
    require(not value or what in value, field, f"holds no {what} in PEM form{where}")
    return value
