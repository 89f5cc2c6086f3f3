"""The commands and their options; what they do lies in the modules beside, loaded when needed."""

from __future__ import annotations

from typing import Annotated

import typer

from vivant.cli import (
    consent,
    demo,
    film,
    keys,
    labelling,
    ledger,
    machine,
    models,
    papers,
    pet,
    register,
    say,
    storyboard,
    voice,
    voices,
    withdrawal,
)
from vivant.cli.screen import result

app = typer.Typer(
    name="vivant",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done · 1 unforeseen · 2 input · 3 consent · 4 papers · 5 something is missing "
    "here · 6 an engine broke · 7 disk or file in use · 130 stopped.",
)


def _show_version(wanted: bool) -> bool:
    if wanted:
        import importlib.metadata

        result(f"vivant {importlib.metadata.version('vivant')}")
        raise typer.Exit
    return wanted


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show where an error came from; works after any command."),
    ] = False,
) -> None:
    """Turn a photograph and a few words into a film in which the person speaks them.

    Every film is made with consent, says that it was made by a machine, and carries signed papers.
    """
    del version, debug  # heard by the callback and by ``running``


_MAKE, _TRUST, _CHECK, _HERE = "Make", "Consent and withdrawal", "Check", "This machine"
app.command("film", rich_help_panel=_MAKE)(film.film)
app.command("drive", rich_help_panel=_MAKE)(film.drive)
app.command("track", rich_help_panel=_MAKE)(film.track)
app.command("say", rich_help_panel=_MAKE)(say.say)
app.add_typer(storyboard.app, name="storyboard", rich_help_panel=_MAKE)
app.add_typer(pet.app, name="pet", rich_help_panel=_MAKE)
app.add_typer(voice.app, name="voice", rich_help_panel=_MAKE)
app.command("demo", rich_help_panel=_MAKE)(demo.demo)
app.add_typer(consent.app, name="consent", rich_help_panel=_TRUST)
app.command("withdraw", rich_help_panel=_TRUST)(withdrawal.withdraw)
app.command("erase", rich_help_panel=_TRUST)(withdrawal.erase)
app.command("takedown", rich_help_panel=_TRUST)(withdrawal.takedown)
app.add_typer(labelling.app, name="label", rich_help_panel=_TRUST)
app.add_typer(ledger.app, name="ledger", rich_help_panel=_TRUST)
app.add_typer(register.app, name="register", rich_help_panel=_TRUST)
app.command("inspect", rich_help_panel=_CHECK)(papers.inspect)
app.command("verify", rich_help_panel=_CHECK)(papers.verify)
app.command("voices", rich_help_panel=_HERE)(voices.voices)
app.command("engines", rich_help_panel=_HERE)(machine.engines)
app.command("doctor", rich_help_panel=_HERE)(machine.doctor)
app.add_typer(keys.app, name="keys", rich_help_panel=_HERE)
app.add_typer(models.app, name="models", rich_help_panel=_HERE)
