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
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Any file: a film, a picture or screenshot, a sound, whatever became of it.",
            show_default=False,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Check anything found in the wild: is it ours, is it whole, what does it come from, may it still be shown?

    Looks for the label, the AIGC entry, the content credentials, the watermarks in picture and sound and the consent, and
    in this machine's register. Leaves with 0 only when everything holds ("ok"), with 4 otherwise.
    """
    inputs_are_files([file])
    note("Vivant checks papers.")
    hush_native_libraries()
    from vivant.cli.checking import check

    raise typer.Exit(check(file, as_json=as_json, settings=settings_from()))
