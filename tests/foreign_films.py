"""Films that other makers signed, and films into which somebody put papers that are not theirs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import c2pa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from key_makers import Made, authority, certificate, pem
from vivant.places import Places
from vivant.provenance.presence import C2PA_BOX
from vivant.provenance.safekeeping import utc_now

CAPTURED = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


class Maker:
    """Somebody else who signs."""

    def __init__(self, name: str = "Other Studio") -> None:
        now = utc_now()
        begins, ends = now - timedelta(days=30), now + timedelta(days=300)
        self.root: Made = authority(f"{name} Root", begins=begins, ends=ends)
        self.leaf: Made = certificate(name, issuer=self.root, begins=begins, ends=ends)

    def sign(
        self,
        given: Path,
        to: Path,
        *,
        mime: str = "video/mp4",
        definition: dict[str, Any] | None = None,
        parent: Path | None = None,
        thumbnail: bool = False,
    ) -> Path:
        """Sign a file; with a parent, as something made from that."""
        leaf, key = self.leaf
        chain = pem(leaf, self.root[0]).decode()
        settings = {
            "verify": {"remote_manifest_fetch": False, "verify_after_sign": False},
            "builder": {"thumbnail": {"enabled": thumbnail}},
        }
        told = definition or says("c2pa.opened" if parent else "c2pa.created", CAPTURED)

        def signed(data: bytes) -> bytes:
            made: bytes = key.sign(data, ec.ECDSA(hashes.SHA256()))
            return made

        with (
            c2pa.Context.from_dict(settings) as context,
            c2pa.Signer.from_callback(signed, c2pa.C2paSigningAlg.ES256, chain, None) as signer,
            c2pa.Builder(told, context) as builder,
            given.open("rb") as source,
            to.open("wb+") as target,
        ):
            if parent is not None:
                ingredient = {"title": "parent", "relationship": "parentOf", "label": "parent"}
                with parent.open("rb") as file:
                    builder.add_ingredient(ingredient, mime, file)
            builder.sign(signer, mime, source, target)
        return to

    def is_trusted_by(self, places: Places) -> None:
        """Let somebody put this maker's root among those trusted."""
        folder = places.data / "keys" / "trusted"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "other.pem").write_bytes(pem(self.root[0]))


def says(action: str, source_type: str, **more: Any) -> dict[str, Any]:
    """What another maker's manifest says."""
    done: dict[str, Any] = {"action": action}
    if action == "c2pa.created":
        done["digitalSourceType"] = source_type
    else:
        done["parameters"] = {"ingredientIds": ["parent"]}
    return {
        "title": "IMG_1.mp4",
        "claim_generator_info": [{"name": "Other Studio", "version": "9"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [done]}}],
    } | more


def manifest_box(film: Path) -> bytes:
    """Cut the box with the papers out of a film."""
    data = film.read_bytes()
    at = data.index(C2PA_BOX) - 8
    return data[at : at + int.from_bytes(data[at : at + 4], "big")]


def with_box(film: Path, box: bytes, to: Path) -> Path:
    """Glue a box to a film."""
    to.write_bytes(film.read_bytes() + box)
    return to
