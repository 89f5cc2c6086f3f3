"""The work behind ``vivant demo``."""

from __future__ import annotations

from pathlib import Path

from vivant.cli.filming import film_spoken
from vivant.cli.hopper import NOTE, WORDS, portrait
from vivant.cli.screen import progress, result
from vivant.cli.wishes import Attestation, Spoken, Wish, format_from, output_from
from vivant.film.sheet import contact_sheet
from vivant.settings import Settings


def show(folder: Path, *, offline: bool, settings: Settings) -> None:
    """Make the demonstration's film and its contact sheet."""
    wish = Wish(
        photos=(portrait(),),
        to=output_from(folder / "demo.mp4", suffix=".mp4", inputs=[]),
        format=format_from("1280x720", "25"),
        seed=1906,
        face=None,
        consent=None,
        attest=Attestation.PUBLIC_DOMAIN,
        words=NOTE,
        offline=offline,
        as_json=False,
    )
    film = film_spoken(wish, Spoken(say=WORDS, script=None, audio=None, voice="hibari"), settings)
    sheet = folder / "demo.png"
    with progress() as watch:
        contact_sheet(film.path, sheet, places=settings.places, watch=watch)
    result(f"Look      {film.path} and {sheet}")
