"""The work behind ``vivant keys``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from vivant.cli.screen import note, result, results_as_json
from vivant.errors import ResourceError
from vivant.provenance.certificates import (
    LARGEST_FILE_BYTES,
    certificates_in,
    organisation_of,
    pem_of,
)
from vivant.provenance.key_changing import change_key, key_warnings
from vivant.provenance.own_keys import FORMER, ROOT
from vivant.provenance.safekeeping import private_folder, utc_now, write_private
from vivant.provenance.signing import KeyBrokenError, keys_folder, signing_key
from vivant.provenance.trust_list import trust_list
from vivant.settings import Settings


def show_keys(*, settings: Settings, as_json: bool) -> None:
    """Tell which key signs, and who is trusted; makes no key."""
    places, now = settings.places, utc_now()
    folder = keys_folder(places)
    facts: dict[str, Any] = {
        "folder": str(folder),
        "signs": None,
        "time_stamps": places.time_stamps,
        "former": len(list((folder / FORMER).glob(f"*/{ROOT}"))),
        "trusted": len(list((folder / "trusted").glob("*.pem"))),
        "trust_list": trust_list(places).count,
        "warnings": list(key_warnings(places, now=now)),
    }
    if not facts["warnings"] and ((folder / "given").is_dir() or (folder / "own").is_dir()):
        key = signing_key(places, now=now)
        facts["signs"] = {
            "kind": "own" if key.is_own else "given",
            "key": key.name,
            "algorithm": key.algorithm,
            "organisation": organisation_of(key.chain[0]),
            "ends": key.ends.isoformat(),
            "kept": "here" if key.signer is None else "elsewhere",
        }
    if as_json:
        results_as_json(facts)
        return
    for line in _lines(facts):
        result(line)
    for warning in facts["warnings"]:
        note(warning, style="yellow")


def _lines(facts: dict[str, Any]) -> list[str]:
    signs = facts["signs"]
    if signs is None:
        signer = (
            "nothing yet: a key is made with the first film"
            if not facts["warnings"]
            else "nothing: see below"
        )
    else:
        signer = (
            f"{signs['kind']} key {signs['key']} ({signs['algorithm']}), of {signs['organisation']}, kept {signs['kept']}, "
            f"until {signs['ends'][:10]}"
        )
    return [
        f"signs: {signer}",
        f"time stamps: {facts['time_stamps'] or 'none (VIVANT_TSA is not set)'}",
        f"former keys of ours, still trusted: {facts['former']}",
        f"other makers trusted: {facts['trusted']}",
        f"certificates of the C2PA trust list: {facts['trust_list']}",
        f"folder: {facts['folder']}",
    ]


def change_keys(*, settings: Settings, lost: bool) -> None:
    """Change our own key, and tell what follows."""
    places, now = settings.places, utc_now()
    key = change_key(places, now=now, why="lost" if lost else "asked")
    result(f"key {key.name}, until {key.ends:%Y-%m-%d}")
    if (keys_folder(places) / "given").is_dir():
        note(
            "The given certificate goes on signing; our own key signs when the folder `given` is taken away."
        )
    note("Those who trust our films need the new root: `vivant keys export -o root.pem`.")
    if lost:
        note(
            "Tell them too that the former key came into other hands: they should remove its root."
        )


def export_roots(to: Path, *, settings: Settings) -> None:
    """Write the roots of our own keys, the present one first; or what is on top of a given chain."""
    places, now = settings.places, utc_now()
    folder = keys_folder(places)
    key = signing_key(places, now=now)
    former = sorted((folder / FORMER).glob(f"*/{ROOT}"))
    found = [key.chain[-1]]
    for path in former:
        found += certificates_in(path.read_bytes(), path)
    unique = {pem_of(one): one for one in found}
    try:
        to.write_bytes(b"".join(unique))
    except OSError as error:
        message = f"The file cannot be written ({error.strerror}). Choose another folder."
        raise ResourceError(message) from error
    result(
        f"{len(unique)} certificates; the first ends on {key.chain[-1].not_valid_after_utc:%Y-%m-%d}"
    )


def trust_maker(path: Path, *, settings: Settings) -> None:
    """Lay another maker's certificates where they are trusted."""
    data = path.read_bytes()[:LARGEST_FILE_BYTES]
    if b"PRIVATE KEY" in data:
        message = (
            "The file holds a private key, which nobody should send around. Ask for the certificates alone, and tell "
            "its owner that the key must be changed."
        )
        raise KeyBrokenError(message)
    certificates = certificates_in(data, path)
    folder = private_folder(keys_folder(settings.places) / "trusted")
    for certificate in certificates:
        name = certificate.fingerprint(hashes.SHA256()).hex()[:16]
        write_private(folder / f"{name}.pem", pem_of(certificate))
        result(
            f"trusted: {_named(certificate)} ({name}), until {certificate.not_valid_after_utc:%Y-%m-%d}"
        )


def _named(certificate: x509.Certificate) -> str:
    return organisation_of(certificate) or "a maker without an organisation"
