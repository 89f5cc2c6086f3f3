"""``vivant say``: the options, and a first line at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json, Language, Offline, Pronounce, Voice
from vivant.cli.screen import note
from vivant.cli.wishes import inputs_are_files, output_from, seed_from
from vivant.errors import InputError
from vivant.settings import hush_native_libraries, settings_from

_STREAM = Path("-")


def say(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say.", show_default=False)
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT.wav",
            help="Where the sound goes: .wav, .flac or .mp3; - sends WAV to stdout while it is made.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--text-file",
            "-f",
            metavar="FILE",
            help="A text file with what to say; - reads it from stdin.",
        ),
    ] = None,
    voice: Voice = "hibari",
    language: Language = None,
    rate: Annotated[
        float,
        typer.Option("--rate", metavar="R", help="Pace: 0.5 to 2, 1 is the voice's own."),
    ] = 1.0,
    seed: Annotated[
        int,
        typer.Option(
            "--seed", metavar="N", help="The same number gives the same sound, sample for sample."
        ),
    ] = 0,
    pronounce: Pronounce = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List the voices, and say nothing.")
    ] = False,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Say a text into a sound file, with label and papers.

    Example: vivant say "It is good to see you." -o hello.wav
    """
    if list_:
        from vivant.cli.voices import voices

        voices(as_json=as_json)
        return
    from vivant.cli.saying import Saying, say_to_file, say_to_stream

    to = _target(to, [file, pronounce], as_json=as_json)
    saying = Saying(
        text=text,
        file=file,
        to=to,
        voice=voice,
        language=language,
        rate=rate,
        pronounce=pronounce,
        seed=seed_from(seed),
        offline=offline,
        as_json=as_json,
    )
    note("Vivant says a text.")
    hush_native_libraries()
    if to == _STREAM:
        say_to_stream(saying, settings_from())
    else:
        say_to_file(saying, settings_from())


def _target(to: Path | None, inputs: list[Path | None], *, as_json: bool) -> Path:
    """Check where the sound goes, and that the files it is made from are there."""
    if to is None:
        message = "Say where the sound goes: -o OUT.wav, or -o - to hear it while it is made."
        raise InputError(message)
    given = inputs_are_files([one for one in inputs if one != _STREAM])
    if to == _STREAM:
        if as_json:
            message = "--json and -o - both want stdout. Write to a file, or leave --json out."
            raise InputError(message)
        return to
    return output_from(to, suffix=to.suffix.lower() or ".wav", inputs=given)
