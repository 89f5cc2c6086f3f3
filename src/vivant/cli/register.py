"""``vivant register``: what was made here, and finding it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.cli.screen import result, results_as_json
from vivant.errors import InputError
from vivant.settings import hush_native_libraries, settings_from

app = typer.Typer(
    no_args_is_help=True,
    help="What was made here: find it again by number, file, copy or screenshot.",
)

What = Annotated[
    str,
    typer.Argument(
        metavar="FILE|ID",
        help="A film, a picture or a sound from anywhere; or a film's or sound's id.",
        show_default=False,
    ),
]


@app.command("find")
def find_command(what: What, as_json: Json = False) -> None:
    """Find the film or sound of ours that a file is, is a copy of, or shows.

    Leaves with 0 whether something is found or not.
    """
    from vivant.cli.registering import matches_of

    matches = matches_of(what, places=settings_from().places)
    if as_json:
        results_as_json({"matches": matches})
        return
    if not matches:
        result("Nothing of ours is like it. That does not prove that it is not ours.")
    for one in matches:
        result(f"{one.entry.kind} {one.entry.made_id} ({one.entry.state}), by {one.by}: {one.why}")


@app.command("show")
def show_command(
    made_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="A film's or sound's id.", show_default=False),
    ],
    as_json: Json = False,
) -> None:
    """Show what is known of a film or sound: ids, hashes and dates."""
    from vivant.cli.registering import entry_of, lines_of

    entry = entry_of(made_id, places=settings_from().places)
    if as_json:
        results_as_json(entry)
    else:
        for line in lines_of(entry):
            result(line)


@app.command("count")
def count_command(as_json: Json = False) -> None:
    """Tell how many films and sounds are known, whatever their state."""
    from vivant.provenance.register.register import Register

    count = Register.in_places(settings_from().places).count
    if as_json:
        results_as_json({"count": count})
    else:
        result(f"{count} films and sounds are registered here.")


@app.command("add")
def add_command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Films or sounds as delivered.", show_default=False),
    ],
    as_json: Json = False,
) -> None:
    """Add films or sounds that were made elsewhere with this installation's key.

    Their credentials must hold, and be signed by a key that is trusted here.
    """
    from vivant.film.registering import register_file
    from vivant.provenance.safekeeping import utc_now

    hush_native_libraries()
    places = settings_from().places
    for path in files:
        if not path.is_file():
            message = "There is no file of that name. Give the path of a film or a sound."
            raise InputError(message)
    entries = [register_file(path, places=places, now=utc_now()) for path in files]
    if as_json:
        results_as_json({"added": entries})
    else:
        for entry in entries:
            result(f"{entry.kind} {entry.made_id} is registered.")
