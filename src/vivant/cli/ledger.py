"""``vivant ledger``: check what was written down, and ask what held at any date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.settings import settings_from

app = typer.Typer(
    no_args_is_help=True, help="What happened, on lines that cannot be changed unseen."
)

Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="A consent's id, or a film's or sound's id.", show_default=False
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="DATE",
        help="At that moment: 2026-11-22, or 2026-11-22T18:30Z. Without it: now.",
        show_default=False,
    ),
]


@app.command("verify")
def verify_command(
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="A checkpoint that was kept elsewhere; repeatable. It finds an older copy that was put back even where all else on this machine was turned back with it.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check every line, the end, and the seal over them; name the first line that does not hold.

    Leaves with 0 when all hold, with 4 when not.
    """
    from vivant.cli.ledger_telling import verify

    raise typer.Exit(verify(against or [], as_json=as_json, settings=settings_from()))


@app.command("show")
def show_command(
    about: Annotated[
        str | None,
        typer.Option("--about", metavar="ID", help="Only lines with this id.", show_default=False),
    ] = None,
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=1, help="How many, from the end.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """Show lines as they were written."""
    from vivant.cli.ledger_telling import show

    show(about, last=last, as_json=as_json, settings=settings_from())


@app.command("state")
def state_command(what: Id, at: At = None, as_json: Json = False) -> None:
    """Tell what holds of a consent, a film or a sound, now or at a date."""
    from vivant.cli.ledger_telling import state

    state(what, at=at, as_json=as_json, settings=settings_from())


@app.command("at")
def at_command(
    date: Annotated[
        str,
        typer.Argument(
            metavar="DATE", help="2026-11-22, or 2026-11-22T18:30Z.", show_default=False
        ),
    ],
    as_json: Json = False,
) -> None:
    """Tell what held of every consent at a date."""
    from vivant.cli.ledger_telling import at_date

    at_date(date, as_json=as_json, settings=settings_from())


@app.command("checkpoint")
def checkpoint_command(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write it there too.", show_default=False
        ),
    ] = None,
) -> None:
    """Seal how far the ledger goes, as JSON. Kept by somebody else, it shows later that nothing was put back."""
    from vivant.cli.ledger_telling import checkpoint

    checkpoint(output, settings=settings_from())
