"""``vivant storyboard``: templates, new storyboards, and the check of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json

app = typer.Typer(
    no_args_is_help=True,
    help="Films in several shots: begin with a template, write your words, check, film.",
)


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the templates, one line each."""
    from vivant.cli.storyboarding import list_templates

    list_templates(as_json=as_json)


@app.command("new")
def new(
    template: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE", help="One of `vivant storyboard list`.", show_default=False
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.yaml",
            help="Where the storyboard goes.",
            show_default=False,
        ),
    ],
    photo: Annotated[
        list[str] | None,
        typer.Option(
            "--photo",
            metavar="NAME=FILE",
            help="A photo for somebody of the template's cast; may be given several times. Demo faces stand where none is given.",
            show_default=False,
        ),
    ] = None,
    replaces: Annotated[
        bool, typer.Option("--replace", help="Replace a file of that name.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a storyboard from a template, with remarks that tell what to change.

    Example: vivant storyboard new stairway -o farewell.yaml --photo mother=mother.jpg
    """
    from vivant.cli.storyboarding import new_storyboard

    new_storyboard(template, to, photos=photo or [], replaces=replaces, as_json=as_json)


@app.command("check")
def check(
    storyboard: Annotated[
        Path, typer.Argument(metavar="FILE", help="The storyboard.", show_default=False)
    ],
    as_json: Json = False,
) -> None:
    """Tell all that is wrong with a storyboard, how long each shot is, and whether its words pass."""
    from vivant.cli.storyboarding import check_storyboard

    check_storyboard(storyboard, as_json=as_json)
