"""``vivant pet``: where an animal's eyes, nose and ears are in its photo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json

app = typer.Typer(
    no_args_is_help=True,
    help="Cats and dogs in films: say where eyes, nose and ears are in the photo.",
)


@app.callback()
def pet() -> None:
    """Keep ``points`` a command of its own."""


@app.command("points")
def points(
    photo: Annotated[
        Path, typer.Argument(metavar="PHOTO", help="The animal's photo.", show_default=False)
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.yaml",
            help="Where the points go; the page to tap on goes beside it.",
            show_default=False,
        ),
    ],
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="NAME=X,Y",
            help="A point in pixels of the photo, such as left-eye=120,80; may be given several times. Needed are left-eye, "
            "right-eye and nose; left is left in the photo.",
            show_default=False,
        ),
    ] = None,
    animal: Annotated[
        str | None,
        typer.Option("--animal", metavar="KIND", help="cat, dog or other.", show_default=False),
    ] = None,
    accepts: Annotated[
        bool,
        typer.Option(
            "--accept", help="Take the eyes and the nose as they are found, without a page."
        ),
    ] = False,
    replaces: Annotated[
        bool, typer.Option("--replace", help="Replace files of that name.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say where an animal's eyes, nose and ears are, for storyboards: points: FILE.yaml.

    Without --at and --accept, a page is written that you open on a telephone or a computer and tap on; it sends nothing anywhere.
    What this program believes to have found stands in it already.

    Example: vivant pet points minka.jpg -o minka.points.yaml
    """
    from vivant.cli.pet_pointing import point_out

    point_out(
        photo, to, at=at or [], animal=animal, accepts=accepts, replaces=replaces, as_json=as_json
    )
