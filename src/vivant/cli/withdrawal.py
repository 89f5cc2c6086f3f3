"""``vivant withdraw``, ``vivant erase`` and ``vivant takedown``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.cli.wishes import inputs_are_files
from vivant.settings import hush_native_libraries, settings_from

By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="ID",
        help="Who asks for it, by an id of yours; never a name.",
        show_default=False,
    ),
]


def withdraw(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILM|RECORD|ID",
            help="A film or sound of ours, a consent record, or the id of either.",
            show_default=False,
        ),
    ],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take a consent back, or withdraw one film; for good.

    A consent: nothing more is made with it, its films are withdrawn, links die, work files are erased. A film: it is
    withdrawn and its links die, and the consent stays. Doing it again changes nothing.
    """
    hush_native_libraries()
    from vivant.cli.withdrawing import take_back

    take_back(what, by=by, as_json=as_json, settings=settings_from())


def erase(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="RECORD|ID",
            help="The consent whose work files are to go; nothing with --due.",
            show_default=False,
        ),
    ] = None,
    due: Annotated[
        bool,
        typer.Option(
            "--due",
            help="Erase what is due: of consents that have ended, and what nobody used for long.",
        ),
    ] = False,
    keep_days: Annotated[
        int,
        typer.Option(
            "--keep-days", metavar="N", min=0, help="With --due: how long unused files stay."
        ),
    ] = 30,
    record: Annotated[
        bool,
        typer.Option(
            "--record", help="Erase the consent's record too: the consent ends for good with it."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Erase work files, with a sealed certificate. Films that were made stay where they are."""
    hush_native_libraries()
    from vivant.cli.withdrawing import wipe

    wipe(
        what,
        due=due,
        keep_days=keep_days,
        record=record,
        as_json=as_json,
        settings=settings_from(),
    )


def takedown(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What was found: a film, a picture, a sound.", show_default=False
        ),
    ],
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="URL",
            help="Where it is shown; repeatable. It is written into the notice, and nowhere else.",
            show_default=False,
        ),
    ] = None,
    film: Annotated[
        str | None,
        typer.Option(
            "--film",
            metavar="ID",
            help="Which film it is, where only its pictures tell, and you have compared them.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language",
            metavar="CODE",
            help="en, zh, de, fr or es; repeatable. Without it: en.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Write the notices and the sealed evidence there.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the notice that asks a platform to remove a film whose consent has ended. Nothing is sent."""
    inputs_are_files([file])
    hush_native_libraries()
    from vivant.cli.withdrawing import notify

    notify(
        file,
        at or [],
        film=film,
        languages=language or ["en"],
        output=output,
        as_json=as_json,
        settings=settings_from(),
    )
