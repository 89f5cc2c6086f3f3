"""The same through each room's own door, with what can be looked at on the way.

python examples/step_by_step.py portrait.jpg out.mp4
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

from vivant import attest, build_rig, make_film, perform, speak, take_photos, verify_film
from vivant.media.face import SHAPE


def progress(what: str, done: int, total: int, /) -> None:
    """Hear where the work is; raise here to stop it."""
    if done == total:
        print(f"  {what} done")


def main(photo: Path, to: Path) -> None:
    """Take, build, speak, perform, film, verify."""
    consent = attest("public-domain", note="Public domain; a demonstration")

    likeness = take_photos([photo], consent=consent, watch=progress)
    quality = likeness.base.quality
    print(f"eyes {quality.eye_distance_px:.0f} px apart, turned {quality.yaw_deg:+.0f} degrees")

    rig = build_rig(likeness, watch=progress)

    speech = speak("Maybe both of them were humming.")
    closed = [phone.symbol for phone in speech.phones if phone.symbol in {"p", "b", "m"}]
    print(f"{speech.sound.seconds:.2f} s of speech, lips close for {' '.join(closed)}")

    performance = perform(speech, rate=Fraction(25), seed=3)
    jaw = performance.shapes[:, SHAPE["jawOpen"]]
    print(f"{performance.frames} frames, jaw opens to {jaw.max():.2f}")

    film = make_film(likeness, speech, to, consent=consent, width_px=360, height_px=640, seed=3)
    print(film.path, f"{film.seconds:.2f} s", verify_film(film.path).verdict)
    print(f"rig {rig.rig_id}, face {rig.face_height_px:.0f} px tall")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
