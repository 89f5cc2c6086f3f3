"""Whom the demonstration shows, and what is said about her."""

from __future__ import annotations

from pathlib import Path

from vivant.errors import MissingError

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
