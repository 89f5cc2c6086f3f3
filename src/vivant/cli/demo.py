"""``vivant demo``: the main job on a portrait that anybody may use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Offline
from vivant.cli.screen import note
from vivant.settings import hush_native_libraries, settings_from


def demo(
    folder: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Where demo.mp4 and demo.png go.",
            file_okay=False,
        ),
    ] = Path("out"),
    offline: Offline = False,
) -> None:
    """Make out/demo.mp4 from the public-domain portrait of Grace Hopper, and a contact sheet.

    The words are about her, in the third person: a demonstration puts no invented words into the
    mouth of someone who has died.
    """
    note("Vivant makes its demonstration: a portrait of Grace Hopper (1906-1992), public domain.")
    hush_native_libraries()
    from vivant.cli.showing import show

    show(folder, offline=offline, settings=settings_from())
