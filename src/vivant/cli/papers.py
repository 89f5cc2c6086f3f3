"""``vivant inspect`` and ``vivant verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Film, Json
from vivant.cli.screen import note
from vivant.cli.wishes import inputs_are_files
from vivant.settings import hush_native_libraries, settings_from


def inspect(
    film: Film,
    photo: Annotated[
        Path | None,
        typer.Option(
            "--photo",
            metavar="PHOTO",
            help="The photo it was made from: identity and sharpness are measured against it.",
        ),
    ] = None,
    script: Annotated[
        Path | None,
        typer.Option(
            "--script",
            metavar="FILE",
            help="What is said in it: closures of the lips are counted on p, b and m.",
        ),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", metavar="OUT.png", help="Write a contact sheet of its frames."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure a film, ours or anybody's: time, sound, face, lips, stillness, papers."""
    inputs_are_files([film, photo, script])
    note("Vivant measures a film.")
    hush_native_libraries()
    from vivant.cli.checking import measure

    measure(
        film, photo=photo, script=script, sheet=sheet, as_json=as_json, settings=settings_from()
    )


def verify(
    film: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A film (MP4), or a sound (WAV, FLAC, MP3).",
            show_default=False,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Check the papers of a film or a sound: label, AIGC entry, credentials, watermark, consent.

    Leaves with 0 only when all of them hold, with 4 when one does not.
    """
    inputs_are_files([film])
    note("Vivant checks papers.")
    hush_native_libraries()
    from vivant.cli.checking import check

    raise typer.Exit(check(film, as_json=as_json, settings=settings_from()))
