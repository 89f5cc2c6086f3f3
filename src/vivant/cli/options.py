"""Options that several commands share, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.wishes import Attestation, AudienceName, Lasting, UseName

_CONSENT = "Consent"
_PICTURE = "Picture"
_VOICE = "Voice"
_LABEL = "Label and marks"
_RUN = "Running"

Photos = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PHOTO",
        help="One photo of the person, or several: the best one moves, the others lend teeth, lids and sides.",
        show_default=False,
    ),
]
Photo = Annotated[
    Path, typer.Argument(metavar="PHOTO", help="A photo of the person.", show_default=False)
]
Film = Annotated[
    Path, typer.Argument(metavar="FILM", help="The film: an MP4 file.", show_default=False)
]
Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT.mp4",
        help="Where the film goes. A film of that name is replaced when the new one is whole.",
        show_default=False,
    ),
]
Face = Annotated[
    int | None,
    typer.Option(
        "--face",
        metavar="N",
        min=1,
        help="Which face, where a photo shows several: counted from the left, from 1.",
        rich_help_panel=_PICTURE,
    ),
]
Size = Annotated[
    str,
    typer.Option(
        "--size",
        metavar="WxH",
        help="Pixels across and down, each 256 to 1920 and even.",
        rich_help_panel=_PICTURE,
    ),
]
MaybeSize = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="WxH",
        help="Pixels across and down, each 256 to 1920 and even. 1280x720 when left out; a storyboard says its own sizes.",
        show_default=False,
        rich_help_panel=_PICTURE,
    ),
]
Rate = Annotated[
    str,
    typer.Option(
        "--fps",
        metavar="R",
        help="Frames a second: 25, 29.97, 30000/1001.",
        rich_help_panel=_PICTURE,
    ),
]
DriversRate = Annotated[
    str | None,
    typer.Option(
        "--fps",
        metavar="R",
        help="Frames a second: 25, 29.97, 30000/1001. The driver's own when left out.",
        show_default=False,
        rich_help_panel=_PICTURE,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="N",
        help="Another number gives other blinks and nods; the same number the same film.",
        rich_help_panel=_PICTURE,
    ),
]
Voice = Annotated[
    str,
    typer.Option(
        "--voice",
        metavar="NAME",
        help="Who says it: a voice of `vivant voices`, or a person that was learned.",
        rich_help_panel=_VOICE,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="TAG",
        help="The language of the words: en-GB, de. The voice's own when left out.",
        show_default=False,
        rich_help_panel=_VOICE,
    ),
]
Pronounce = Annotated[
    Path | None,
    typer.Option(
        "--pronounce",
        metavar="FILE",
        help="A dictionary of names and how they sound, a line each: Leicester = LES-ter.",
        show_default=False,
        rich_help_panel=_VOICE,
    ),
]
ConsentFile = Annotated[
    Path | None,
    typer.Option(
        "--consent",
        metavar="FILE",
        help="The consent record that covers this film.",
        rich_help_panel=_CONSENT,
    ),
]
Attest = Annotated[
    Attestation | None,
    typer.Option(
        "--attest",
        metavar="self|kin|public-domain",
        help="Say who agrees, and have a record written: you yourself, the closest family, or nobody needs to.",
        rich_help_panel=_CONSENT,
    ),
]
ConsentNote = Annotated[
    str | None,
    typer.Option(
        "--note",
        metavar="TEXT",
        help="Why the likeness may be used; goes into an attested record, never into the film.",
        rich_help_panel=_CONSENT,
    ),
]
MadeFor = Annotated[
    UseName,
    typer.Option(
        "--for",
        help="What the film is for; the consent must name it.",
        rich_help_panel=_CONSENT,
    ),
]
SeenBy = Annotated[
    AudienceName | None,
    typer.Option(
        "--audience",
        help="Who will see it; as few as its use implies when left out.",
        show_default=False,
        rich_help_panel=_CONSENT,
    ),
]
Products = Annotated[
    list[str] | None,
    typer.Option(
        "--product",
        metavar="NAME",
        help="What it sells, as the presenter's contract calls it; may be given again.",
        show_default=False,
        rich_help_panel=_CONSENT,
    ),
]
Territories = Annotated[
    list[str] | None,
    typer.Option(
        "--territory",
        metavar="CODE",
        help="Where the film will be shown: CN, EU, a country's code; may be given again. The label meets what is "
        "owed there, and everywhere when left out.",
        show_default=False,
        rich_help_panel=_LABEL,
    ),
]
Throughout = Annotated[
    Lasting,
    typer.Option(
        "--label-between",
        metavar="no|small|full",
        help="What stands between the label's seconds at the start and at the end: nothing, a small mark, or the label.",
        rich_help_panel=_LABEL,
    ),
]
Marks = Annotated[
    list[str] | None,
    typer.Option(
        "--mark",
        metavar="NAME",
        help="Hide the film's number by this engine too, beside the built-in mark: trustmark, videoseal. May be given again.",
        show_default=False,
        rich_help_panel=_LABEL,
    ),
]
Unlabelled = Annotated[
    str | None,
    typer.Option(
        "--waiver",
        metavar="ID",
        help="Leave the visible label out, under an agreement that holds: see `vivant label agree`.",
        show_default=False,
        rich_help_panel=_LABEL,
    ),
]
Offline = Annotated[
    bool,
    typer.Option(
        "--offline", help="Never use the network, not even for models.", rich_help_panel=_RUN
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON document on stdout.", rich_help_panel=_RUN),
]
