"""The stage that turns photos into a rig. It imports no more than it needs: it also runs in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vivant.intake.engine import FaceEngine
from vivant.intake.taking import take_photos
from vivant.media.files import sha256_of
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.policy import PRIVATELY, Showing
from vivant.rig.building import build_rig
from vivant.rig.rig import RIG_VERSION, Rig, load_rig, save_rig
from vivant.studio.stage import Form
from vivant.studio.store import key_of

RIG_FORM: Form[Rig] = Form(suffix=".rig", write=save_rig, read=load_rig)


@dataclass(frozen=True, slots=True, kw_only=True)
class RigStage:
    """Photos become a rig: intake and rig in one, since nothing between them is wanted twice."""

    consent: Consent
    face: int | None
    engine: FaceEngine
    places: Places
    use: Use = "portrait-film"
    showing: Showing = PRIVATELY
    name: str = "rig"

    def key(self, given: tuple[Path, ...], /) -> str:
        """Hash the photos, the choice of face, and the versions of what works on them."""
        versions = (self.engine.traits.version, str(RIG_VERSION))
        return key_of(("rig", *versions, str(self.face), *(sha256_of(path) for path in given)))

    def __call__(self, given: tuple[Path, ...], /, *, watch: Watch = unwatched) -> Rig:
        """Take the photos in and build the rig."""
        likeness = take_photos(
            given,
            consent=self.consent,
            face=self.face,
            engine=self.engine,
            places=self.places,
            watch=watch,
            use=self.use,
            showing=self.showing,
        )
        return build_rig(likeness, places=self.places, watch=watch)
