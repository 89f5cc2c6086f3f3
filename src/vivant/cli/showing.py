"""The work behind ``vivant demo``."""

from __future__ import annotations

from pathlib import Path

from vivant.cli.filming import film_spoken
from vivant.cli.screen import progress, result
from vivant.cli.wishes import Attestation, Spoken, Wish, format_from, output_from
from vivant.errors import MissingError
from vivant.film.sheet import contact_sheet
from vivant.settings import Settings

PORTRAIT = "grace_hopper.jpg"
WORDS = (
    "This is a photograph that a program made to move. Grace Hopper never spoke these words; they are "
    "about her. She was a mathematician, a programmer, and a rear admiral. In nineteen forty-four she "
    "wrote programs for the Mark One, a computer fifty feet long. Few people believed that a machine "
    "could help to build its own programs. She proved it, with one of the very first compilers. For "
    "visitors she kept pieces of wire, about a foot long: how far light moves in a billionth of a second."
)
"""About her, and true; with many closed, bitten and rounded lips."""
NOTE = "Official portrait by the United States Navy, public domain; died 1992; demonstration."


class PortraitMissingError(MissingError):
    """The package that ships the demonstration's portrait is not installed."""

    code = "demo.portrait"


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


def portrait() -> Path:
    """Find the portrait of Grace Hopper that Matplotlib ships.

    Raises:
        PortraitMissingError: Matplotlib is not installed.
    """
    try:
        from matplotlib import cbook
    except ImportError as error:
        message = (
            "The demonstration's portrait comes with Matplotlib, which is not installed. Run "
            '`pip install "vivant[demo]"`, or film a photo of yours: vivant film --help'
        )
        raise PortraitMissingError(message) from error
    return Path(str(cbook.get_sample_data(PORTRAIT, asfileobj=False)))
