"""``vivant label``: what the visible label owes where, and the agreement under which it may be left out."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json, Territories
from vivant.cli.wishes import inputs_are_files
from vivant.settings import hush_native_libraries, settings_from

app = typer.Typer(
    no_args_is_help=True,
    help="The visible label: what it owes where, and the agreement under which it may be left out.",
)

Language = Annotated[
    str,
    typer.Option("--language", metavar="en|zh", help="In which language the agreement is shown."),
]


class Viewers(Enum):
    """Who will see a film."""

    PRIVATE = "private"
    FAMILY = "family"
    PUBLIC = "public"


class Reason(Enum):
    """What a film without the label is for."""

    OWN_LABEL = "own-label"
    WORK_IN_PROGRESS = "work-in-progress"
    EVIDENCE = "evidence"


@app.command("show")
def show(codes: Territories = None, as_json: Json = False) -> None:
    """Tell what the label says, how large, where and when, and why: in territories, or everywhere.

    Example: vivant label show --territory CN
    """
    hush_native_libraries()
    from vivant.cli.labels import show_duties

    show_duties(codes or (), as_json=as_json)


@app.command("terms")
def terms(language: Language = "en", as_json: Json = False) -> None:
    """Show the agreement that must be read before a film is made without the label."""
    hush_native_libraries()
    from vivant.cli.labels import show_terms

    show_terms(language, as_json=as_json)


@app.command("agree")
def agree(
    consents: Annotated[
        list[Path],
        typer.Option(
            "--consent",
            metavar="FILE",
            help="The consent record of the film; again for each person in it.",
            show_default=False,
        ),
    ],
    read: Annotated[
        str,
        typer.Option(
            "--read",
            metavar="NUMBER",
            help="The agreement's number, which `vivant label terms` tells at its end.",
            show_default=False,
        ),
    ],
    codes: Territories = None,
    language: Language = "en",
    reason: Annotated[
        Reason,
        typer.Option(
            "--for",
            metavar="own-label|work-in-progress|evidence",
            help="What for: you put your own label on it; it goes into a larger work; it is evidence.",
        ),
    ] = Reason.OWN_LABEL,
    viewers: Annotated[
        Viewers,
        typer.Option("--audience", metavar="private|family|public", help="Who will see it."),
    ] = Viewers.PRIVATE,
    film_id: Annotated[
        str | None,
        typer.Option(
            "--film-id",
            metavar="ID",
            help="The labelled film of which this is wanted, by its number; any one film when left out.",
            show_default=False,
        ),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", metavar="N", help="How long it can be used: 1 to 180 days.")
    ] = 30,
    words: Annotated[
        str | None,
        typer.Option(
            "--note",
            metavar="TEXT",
            help="Your own words; they stay in the agreement.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="ID",
            help="Who asks, by a number of 32 hex digits; a new one when left out.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask for a film without the label, and agree to owe the label yourself.

    Example: vivant label agree --consent consent.json --territory CN --read 0123456789ab
    """
    inputs_are_files(consents)
    hush_native_libraries()
    from vivant.cli.labels import make_agreement

    make_agreement(
        consents,
        read=read,
        language=language,
        codes=codes or (),
        purpose=reason.value,
        audience=viewers.value,
        film_id=film_id,
        days=days,
        words=words,
        by=by,
        as_json=as_json,
        places=settings_from().places,
    )


@app.command("log")
def log(
    removes: Annotated[
        bool,
        typer.Option("--tidy", help="Remove agreements that need not be kept any longer."),
    ] = False,
    as_json: Json = False,
) -> None:
    """List the agreements of this machine, and the films made under them.

    Leaves with 4 when one that must still be kept is gone or was changed.
    """
    hush_native_libraries()
    from vivant.cli.labels import show_log

    raise typer.Exit(show_log(removes=removes, as_json=as_json, places=settings_from().places))
