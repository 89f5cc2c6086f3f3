"""One photo and a few words become a film; the short way.

python examples/one_photo.py portrait.jpg out.mp4
"""

from __future__ import annotations

import sys
from pathlib import Path

from vivant import attest, film_from_photos, speak


def main(photo: Path, to: Path) -> None:
    """Film the photo; run it only on a picture of yourself, or one that is free."""
    consent = attest("public-domain", note="Public domain; a demonstration")
    speech = speak("A photograph, moved by a program.")
    film = film_from_photos([photo], speech, to, consent=consent, width_px=640, height_px=360)
    print(film.path, f"{film.seconds:.2f} s", film.verification.verdict)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
