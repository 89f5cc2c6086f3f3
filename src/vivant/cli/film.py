"""``vivant film``, ``vivant drive`` and ``vivant track``: the options, and a first line at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import (
    Attest,
    ConsentFile,
    ConsentNote,
    DriversRate,
    Face,
    Json,
    Language,
    MadeFor,
    Marks,
    MaybeSize,
    Offline,
    Output,
    Photo,
    Photos,
    Products,
    Pronounce,
    Rate,
    Seed,
    SeenBy,
    Size,
    Territories,
    Throughout,
    Unlabelled,
    Voice,
)
from vivant.cli.screen import note
from vivant.cli.wishes import (
    USUAL_SIZE,
    Driven,
    Lasting,
    Shown,
    Spoken,
    StoryWish,
    UseName,
    Wish,
    consent_is_given,
    format_from,
    inputs_are_files,
    maybe_rate_from,
    output_from,
    seed_from,
)
from vivant.errors import InputError
from vivant.settings import hush_native_libraries, settings_from

_WORDS = "Words: exactly one of these"
_STORY = "A film in several shots"
_VOICE = "Voice"
_BY = "Driver: exactly one of these"


def film(
    to: Output,
    photos: Photos = None,
    storyboard: Annotated[
        Path | None,
        typer.Option(
            "--storyboard",
            metavar="FILE",
            help="A film in several shots, as this file says: see `vivant storyboard`. Photos and words stand in it.",
            show_default=False,
            rich_help_panel=_STORY,
        ),
    ] = None,
    preview: Annotated[
        bool,
        typer.Option(
            "--preview",
            help="Only a still of each shot, in seconds; they go to a folder.",
            rich_help_panel=_STORY,
        ),
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="SHOT",
            help="Only this shot, by its name in the storyboard.",
            show_default=False,
            rich_help_panel=_STORY,
        ),
    ] = None,
    say: Annotated[
        str | None,
        typer.Option("--say", metavar="TEXT", help="What to say.", rich_help_panel=_WORDS),
    ] = None,
    script: Annotated[
        Path | None,
        typer.Option(
            "--script", metavar="FILE", help="A text file with what to say.", rich_help_panel=_WORDS
        ),
    ] = None,
    audio: Annotated[
        Path | None,
        typer.Option(
            "--audio",
            metavar="WAV",
            help="A recording that the person shall speak: WAV, FLAC, OGG, MP3, M4A, or a video's sound.",
            rich_help_panel=_WORDS,
        ),
    ] = None,
    voice: Voice = "hibari",
    language: Language = None,
    pace: Annotated[
        float,
        typer.Option(
            "--pace",
            metavar="R",
            help="How fast a voice speaks: 0.5 to 2, 1 is its own.",
            rich_help_panel=_VOICE,
        ),
    ] = 1.0,
    pronounce: Pronounce = None,
    transcript: Annotated[
        Path | None,
        typer.Option(
            "--transcript",
            metavar="FILE",
            help="With --audio: a text file with what is said in it, for captions and closer lips.",
            rich_help_panel=_VOICE,
        ),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="With --audio: leave the recording's noise, hum and level as they are.",
            rich_help_panel=_VOICE,
        ),
    ] = False,
    size: MaybeSize = None,
    fps: Rate = "25",
    seed: Seed = 0,
    face: Face = None,
    consent: ConsentFile = None,
    attest: Attest = None,
    words: ConsentNote = None,
    territories: Territories = None,
    between: Throughout = Lasting.NO,
    waiver: Unlabelled = None,
    marks: Marks = None,
    made_for: MadeFor = UseName.PORTRAIT_FILM,
    audience: SeenBy = None,
    products: Products = None,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Make a film of the person in a photo, speaking.

    Example: vivant film portrait.jpg --say "It is good to see you." --attest self -o film.mp4

    Example: vivant film --storyboard farewell.yaml --attest kin -o farewell.mp4
    """
    shown = Shown(
        territories=tuple(territories or ()),
        between=between,
        waiver=waiver,
        marks=tuple(marks or ()),
        use=made_for,
        audience=audience,
        products=tuple(products or ()),
    )
    if storyboard is not None:
        _only_the_storyboard(
            {
                "PHOTO": photos,
                "--say": say,
                "--script": script,
                "--audio": audio,
                "--voice": voice != "hibari",
                "--language": language,
                "--pace": pace != 1.0,
                "--pronounce": pronounce,
                "--transcript": transcript,
                "--raw": raw,
                "--fps": fps != "25",
                "--seed": seed,
                "--face": face,
            }
        )
        inputs = inputs_are_files([storyboard])
        story = StoryWish(
            storyboard=storyboard,
            to=_stills_from(to) if preview else output_from(to, suffix=".mp4", inputs=inputs),
            preview=preview,
            only=only,
            size=None if size is None else format_from(size, None),
            consent=consent,
            attest=attest,
            words=words,
            offline=offline,
            as_json=as_json,
            shown=shown,
        )
        note("Vivant reads the storyboard.")
        hush_native_libraries()
        from vivant.cli.storyboarding import film_storyboard

        film_storyboard(story, settings_from())
        return
    if preview or only is not None:
        message = "--preview and --only go with --storyboard FILE. Give one, or leave them out."
        raise InputError(message)
    if not photos:
        message = "Give a photo of the person, or a storyboard: --storyboard FILE."
        raise InputError(message)
    if sum(one is not None for one in (say, script, audio)) != 1:
        message = "Say what is spoken in exactly one way: --say TEXT, --script FILE or --audio WAV."
        raise InputError(message)
    if audio is None and (transcript is not None or raw):
        message = "--transcript and --raw go with --audio; a voice knows its words. Leave them out."
        raise InputError(message)
    consent_is_given(consent, attest)
    inputs = inputs_are_files([*photos, script, audio, pronounce, transcript])
    wish = Wish(
        photos=tuple(photos),
        to=output_from(to, suffix=".mp4", inputs=inputs),
        format=format_from(size or USUAL_SIZE, fps),
        seed=seed_from(seed),
        face=face,
        consent=consent,
        attest=attest,
        words=words,
        offline=offline,
        as_json=as_json,
        shown=shown,
    )
    pictures = "1 photo" if len(photos) == 1 else f"{len(photos)} photos"
    note(f"Vivant makes a film of {pictures}, {wish.format}.")
    hush_native_libraries()
    from vivant.cli.filming import film_spoken

    spoken = Spoken(
        say=say,
        script=script,
        audio=audio,
        voice=voice,
        language=language,
        pace=pace,
        pronounce=pronounce,
        transcript=transcript,
        raw=raw,
    )
    film_spoken(wish, spoken, settings_from())


def _only_the_storyboard(given: Mapping[str, object]) -> None:
    """Refuse what a storyboard says itself.

    Raises:
        InputError: Something was given.
    """
    typed = [name for name, value in given.items() if value]
    if typed:
        message = (
            "A storyboard says its photos, words, voices, pace and looks itself: write them there, "
            f"and leave out {', '.join(typed)}."
        )
        raise InputError(message)


def _stills_from(to: Path) -> Path:
    """Tell the folder of a preview: a film's name without its ending will do."""
    folder = to.with_suffix("") if to.suffix.lower() == ".mp4" else to
    if folder.exists() and not folder.is_dir():
        message = "The stills of a preview go to a folder, and there is a file of that name. Choose another."
        raise InputError(message)
    return folder


def drive(
    photo: Photo,
    to: Output,
    by: Annotated[
        Path | None,
        typer.Option(
            "--by",
            metavar="VIDEO",
            help="A video of one face, whose expressions and head the photo shall follow.",
            rich_help_panel=_BY,
        ),
    ] = None,
    curves: Annotated[
        Path | None,
        typer.Option(
            "--curves",
            metavar="FILE.csv",
            help="An ARKit face capture as Live Link Face writes it.",
            rich_help_panel=_BY,
        ),
    ] = None,
    audio: Annotated[
        Path | None,
        typer.Option("--audio", metavar="WAV", help="The sound of the film; silence without it."),
    ] = None,
    size: Size = "1280x720",
    fps: DriversRate = None,
    seed: Seed = 0,
    face: Face = None,
    consent: ConsentFile = None,
    attest: Attest = None,
    words: ConsentNote = None,
    territories: Territories = None,
    between: Throughout = Lasting.NO,
    waiver: Unlabelled = None,
    marks: Marks = None,
    made_for: MadeFor = UseName.PORTRAIT_FILM,
    audience: SeenBy = None,
    products: Products = None,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Let another person's recorded expressions and head move a photo.

    Example: vivant drive portrait.jpg --by me.mp4 --attest self -o alive.mp4
    """
    if (by is None) == (curves is None):
        message = "Say who drives the photo in exactly one way: --by VIDEO or --curves FILE.csv."
        raise InputError(message)
    consent_is_given(consent, attest)
    inputs = inputs_are_files([photo, by, curves, audio])
    wish = Wish(
        photos=(photo,),
        to=output_from(to, suffix=".mp4", inputs=inputs),
        format=format_from(size, fps),
        seed=seed_from(seed),
        face=face,
        consent=consent,
        attest=attest,
        words=words,
        offline=offline,
        as_json=as_json,
        shown=Shown(
            territories=tuple(territories or ()),
            between=between,
            waiver=waiver,
            marks=tuple(marks or ()),
            use=made_for,
            audience=audience,
            products=tuple(products or ()),
        ),
    )
    note(f"Vivant drives a photo by {'a video' if by else 'curves'}, {wish.format}.")
    hush_native_libraries()
    from vivant.cli.filming import film_driven

    film_driven(wish, Driven(video=by, curves=curves, audio=audio), settings_from())


def track(
    video: Annotated[
        Path, typer.Argument(metavar="VIDEO", help="A video of one face.", show_default=False)
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="CURVES.csv",
            help="Where the curves go, in the Live Link Face format.",
            show_default=False,
        ),
    ],
    fps: DriversRate = None,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Write the expressions and the head of a face in a video as ARKit curves.

    Example: vivant track me.mp4 -o me.csv
    """
    to = output_from(to, suffix=".csv", inputs=inputs_are_files([video]))
    rate = maybe_rate_from(fps)
    note("Vivant tracks the face in a video.")
    hush_native_libraries()
    from vivant.cli.filming import track_to_file

    track_to_file(video, to, rate=rate, offline=offline, as_json=as_json, settings=settings_from())
