"""``vivant voice``: learn a person's voice from recordings, list, show and forget learned voices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json, Offline
from vivant.cli.screen import note, result, results_as_json
from vivant.cli.wishes import inputs_are_files
from vivant.errors import ConsentError
from vivant.settings import hush_native_libraries, settings_from

app = typer.Typer(
    no_args_is_help=True, help="A person's voice: learn, list, show, refresh, forget."
)

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="What the voice is called.", show_default=False)
]


@app.command("learn")
def learn_command(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="RECORDING...",
            help="Sound files or films in which the person speaks, 10 s to 30 min in all.",
            show_default=False,
        ),
    ],
    name: Annotated[
        str,
        typer.Option(
            "--as", metavar="NAME", help="What to call the voice: --voice NAME.", show_default=False
        ),
    ],
    consent: Annotated[
        Path | None,
        typer.Option(
            "--consent",
            metavar="FILE",
            help="The consent record; it must grant voice-likeness.",
            show_default=False,
        ),
    ] = None,
    speaker: Annotated[
        int | None,
        typer.Option(
            "--speaker",
            metavar="N",
            min=1,
            help="Which of several people: 1 speaks longest, 2 second longest.",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(
            "--engine",
            metavar="NAME",
            help="Which voice engine learns, repeatable; all that can when left out.",
            show_default=False,
        ),
    ] = None,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Learn a person's voice from recordings, and tell what can be promised.

    Example: vivant voice learn letter.wav call.m4a --as anna --consent anna.json
    """
    if consent is None:
        message = (
            "A person's voice is learned only with a consent record that grants voice-likeness: --consent FILE. A "
            "mere statement (--attest) does not cover it; see docs/reference/consent.md."
        )
        raise ConsentError(message)
    inputs_are_files([*recordings, consent])
    count = "1 recording" if len(recordings) == 1 else f"{len(recordings)} recordings"
    note(f"Vivant learns a voice from {count}.")
    hush_native_libraries()
    from vivant.cli.schooling import learn_voice

    learn_voice(
        recordings,
        name=name,
        consent_file=consent,
        speaker=speaker,
        engines=engine or None,
        offline=offline,
        as_json=as_json,
        settings=settings_from(),
    )


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the learned voices and what each can promise."""
    from vivant.cli.schooling import summary_of
    from vivant.voice.profiles import list_profiles

    places = settings_from().places
    found = [summary_of(name, places) for name in list_profiles(places=places)]
    if as_json:
        results_as_json({"voices": found})
        return
    for one in found:
        result(f"{one.name:<20} {one.state}")
    if not found:
        result("No voice was learned yet: vivant voice learn RECORDING... --as NAME --consent FILE")


@app.command("show")
def show_command(name: Name, as_json: Json = False) -> None:
    """Show what was measured of a learned voice, and what each engine can promise."""
    from vivant.cli.schooling import show_voice

    show_voice(name, places=settings_from().places, as_json=as_json)


@app.command("refresh")
def refresh_command(name: Name, offline: Offline = False, as_json: Json = False) -> None:
    """Have the engines that are here now learn a voice anew; nothing needs to be recorded again."""
    note("Vivant learns a kept voice anew.")
    hush_native_libraries()
    from vivant.cli.schooling import refresh_voice

    refresh_voice(name, offline=offline, as_json=as_json, settings=settings_from())


@app.command("forget")
def forget_command(name: Name, as_json: Json = False) -> None:
    """Erase a learned voice: its sound and all that was learned from it."""
    from vivant.voice.profiles import forget_profile

    forget_profile(name, places=settings_from().places)
    if as_json:
        results_as_json({"forgotten": name})
    else:
        result("Forgotten. The ledger keeps the hashes; the consent record stays in its folder.")
