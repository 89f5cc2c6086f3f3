"""A time-stamp authority on the loopback, for tests: OpenSSL stamps, a thread of this process answers."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from key_makers import authority, ec_key, pem, private_pem
from vivant.provenance.safekeeping import utc_now

_CONFIG = """
[tsa]
default_tsa = the_tsa
[the_tsa]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/leaf.pem
certs = {folder}/root.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class StampAuthority:
    """What answers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.asked = 0
        self.answer: bytes | None = None
        """What it says to everything, whatever was asked."""
        self.fails = 0
        """How many of the next questions it does not answer."""
        now = utc_now()
        root = authority(
            "Stamp Root", begins=now - timedelta(days=2), ends=now + timedelta(days=99)
        )
        key = ec_key()
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Stamps")])
        leaf = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(root[0].subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=90))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_USAGE, critical=True)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root[1].public_key()),
                critical=False,
            )
            .sign(root[1], hashes.SHA256())
        )
        (folder / "leaf.pem").write_bytes(pem(leaf))
        (folder / "root.pem").write_bytes(pem(root[0]))
        (folder / "key.pem").write_bytes(private_pem(key))
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    def stamp(self, question: bytes) -> bytes | None:
        """Answer one question; nothing where it fails."""
        self.asked += 1
        if self.fails:
            self.fails -= 1
            return None
        if self.answer is not None:
            return self.answer
        asked, answered = self.folder / "question.tsq", self.folder / "answer.tsr"
        asked.write_bytes(question)
        config = str(self.folder / "tsa.cnf")
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", config, "-section", "the_tsa",
             "-queryfile", str(asked), "-out", str(answered)],
            check=True, capture_output=True,
        )  # fmt: skip
        return answered.read_bytes()


_USAGE = x509.KeyUsage(
    digital_signature=True, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
    encipher_only=False, decipher_only=False,
)  # fmt: skip


@contextmanager
def answering(authority: StampAuthority) -> Iterator[str]:
    """Let it answer on the loopback; gives its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            answer = authority.stamp(self.rfile.read(length))
            self.send_response(200 if answer is not None else 503)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer or b"")))
            self.end_headers()
            self.wfile.write(answer or b"")

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
