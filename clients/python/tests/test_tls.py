"""Sessions over TLS with the real host: trusted and not, with a certificate of one's own and without."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from host import REPOSITORY, Host
from sessions import open_session

from dh_advisor_client import InvalidInput, StatusCode, TlsOptions


def make(folder: Path) -> Path:
    command = ["node", str(REPOSITORY / "dist/src/main.js"), "certs", "dev", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tls") / "certs")


@pytest.fixture(scope="module")
def address(certs: Path) -> Iterator[str]:
    """Of a host that asks for certificates."""
    files = f"certificate: {certs}/server.crt, key: {certs}/server.key, client_ca: {certs}/ca.crt"
    with Host("\n  early-stopping: { plugin: plateau }\n", server=f", tls: {{ {files} }}") as host:
        yield host.address


def own(certs: Path, **changes: str) -> TlsOptions:
    files = {"ca": "ca.crt", "certificate": "optimizer.crt", "key": "optimizer.key"}
    return TlsOptions(**({name: str(certs / file) for name, file in files.items()} | changes))


def test_files_and_texts_open_a_session(certs: Path, address: str) -> None:
    texts = {"ca": "ca.crt", "certificate": "optimizer.crt", "key": "optimizer.key"}
    for tls in (own(certs), TlsOptions(**{name: (certs / file).read_text() for name, file in texts.items()})):
        with open_session(address, tls=tls) as session:
            assert session.status.ok, session.status
            assert session.is_live


def test_whom_the_host_does_not_know_goes_on_without(certs: Path, address: str, tmp_path: Path) -> None:
    others = make(tmp_path / "others")
    unknown = {
        "plain text": None,
        "no certificate": own(certs, certificate="", key=""),
        "an authority of somebody else": own(certs, ca=str(others / "ca.crt")),
        "a certificate of somebody else": own(
            certs, certificate=str(others / "optimizer.crt"), key=str(others / "optimizer.key")
        ),
        "another name of the host": own(certs, server_name="elsewhere"),
    }
    for what, tls in unknown.items():
        with open_session(address, tls=tls, connect_deadline_s=3.0) as session:
            assert not session.is_live, what
            assert session.status.code in (StatusCode.UNREACHABLE, StatusCode.DEADLINE_EXCEEDED), (what, session.status)


def test_names_what_is_wrong_with_the_files(certs: Path, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no certificate")
    faults = {
        "tls.key is empty": own(certs, key=""),
        "tls.certificate is empty": own(certs, certificate=""),
        "tls.ca cannot be read": own(certs, ca=str(certs / "nowhere")),
        "tls.ca holds no CERTIFICATE": own(certs, ca=str(text)),
        "tls.key holds no PRIVATE KEY": own(certs, key=str(certs / "optimizer.crt")),
        "tls.certificate cannot be read": own(certs, certificate=str(tmp_path)),
    }
    for problem, tls in faults.items():
        with pytest.raises(InvalidInput, match=problem):
            tls.read()
