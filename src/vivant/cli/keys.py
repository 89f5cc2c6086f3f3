"""``vivant keys``: the key that signs, and the certificates that are trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.cli.wishes import inputs_are_files
from vivant.settings import settings_from

app = typer.Typer(
    name="keys",
    no_args_is_help=True,
    help="The key that signs films, and the certificates that are trusted.",
)


@app.command()
def show(as_json: Json = False) -> None:
    """Show which certificate signs, until when it holds, and who else is trusted."""
    from vivant.cli.keeping_keys import show_keys

    show_keys(settings=settings_from(), as_json=as_json)


@app.command()
def change(
    lost: Annotated[
        bool,
        typer.Option(
            "--lost",
            help="The former key came into other hands: what it signed is not trusted any more.",
        ),
    ] = False,
) -> None:
    """Make a new key of our own and destroy the former; films signed with that stay trusted here."""
    from vivant.cli.keeping_keys import change_keys

    change_keys(settings=settings_from(), lost=lost)


@app.command()
def export(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT.pem", help="Where it goes.", show_default=False
        ),
    ],
) -> None:
    """Write our root certificates into a file, for those who should trust our films; no secret is in it."""
    from vivant.cli.keeping_keys import export_roots

    export_roots(output, settings=settings_from())


@app.command()
def trust(
    certificate: Annotated[
        Path,
        typer.Argument(
            metavar="CERTIFICATE.pem",
            help="Certificates of another maker, as its `vivant keys export` writes them.",
            show_default=False,
        ),
    ],
) -> None:
    """Trust another maker's films from now on."""
    inputs_are_files([certificate])
    from vivant.cli.keeping_keys import trust_maker

    trust_maker(certificate, settings=settings_from())
