"""``vivant consent``: collect consents, look at them, take them back, object, settle, check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.answering import answer
from vivant.cli.consent_options import (
    By,
    ByName,
    EvidenceFiles,
    KindName,
    Language,
    LanguageName,
    MaybeRecord,
    OutcomeName,
    Record,
    Says,
)
from vivant.cli.options import Json
from vivant.cli.wishes import inputs_are_files
from vivant.settings import hush_native_libraries, settings_from

app = typer.Typer(
    no_args_is_help=True,
    help="Consents: collect, show, check, take back, object, settle, export, receipts.",
)


@app.command("new")
def new(
    kind: Annotated[
        KindName | None,
        typer.Option(
            "--kind",
            metavar="self|kin|guardians|presenter|public-domain",
            help="Who agrees: the person, the next of kin, a child's guardians, a presenter, or nobody needs to.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        Path | None,
        typer.Option(
            "--form", metavar="OUT.yaml", help="Write an empty form for that kind, and stop."
        ),
    ] = None,
    filled_in: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FORM.yaml", help="A form that was filled in, instead of questions."
        ),
    ] = None,
    evidence: EvidenceFiles = None,
    keep_evidence: Annotated[
        bool,
        typer.Option(
            "--keep-evidence",
            help="Copy the evidence given with --evidence into the private part of the data folder.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="RECORD.json",
            help="Where the record goes; its receipt goes beside it. In the data folder when left out.",
            show_default=False,
        ),
    ] = None,
    language: Language = LanguageName.EN,
    as_json: Json = False,
) -> None:
    """Collect a full consent: by questions, or from a form.

    Examples: vivant consent new --kind kin --form mother.yaml · vivant consent new --from mother.yaml -o mother.json
    """
    inputs_are_files([filled_in])
    from vivant.cli.consent_making import make_record, write_form

    if form is not None:
        write_form(None if kind is None else kind.value, form, as_json=as_json)
        return
    make_record(
        None if kind is None else kind.value,
        filled_in=filled_in,
        evidence=evidence or [],
        keep=keep_evidence,
        output=output,
        language=language.value,
        as_json=as_json,
        settings=settings_from(),
    )


@app.command("show")
def show(
    record: MaybeRecord = None,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Show names, words and notes too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what a record says; without one, list the records of this machine."""
    from vivant.cli.consenting import list_records, show_record

    places = settings_from().places
    if record is None:
        list_records(places=places, as_json=as_json)
    else:
        show_record(record, secrets=secrets, places=places, as_json=as_json)


@app.command("withdraw")
def withdraw(record: Record, by: By = None, words: Says = None, as_json: Json = False) -> None:
    """Take a consent back, for good. The record's file may be lost: its id is enough."""
    from vivant.cli.consenting import take_back

    take_back(record, by=by, words=words, places=settings_from().places, as_json=as_json)


@app.command("object")
def object_command(
    record: Record,
    by: ByName,
    relation: Annotated[
        str,
        typer.Option(
            "--relation",
            metavar="WHO",
            help="Who that is to the person shown: brother, widow.",
            show_default=False,
        ),
    ],
    words: Says = None,
    evidence: EvidenceFiles = None,
    as_json: Json = False,
) -> None:
    """Object as a relative: everything waits until a person has settled it."""
    from vivant.cli.consenting import raise_objection

    raise_objection(
        record,
        by=by,
        relation=relation,
        words=words,
        evidence=evidence or [],
        places=settings_from().places,
        as_json=as_json,
    )


@app.command("settle")
def settle(
    record: Record,
    by: ByName,
    outcome: Annotated[
        OutcomeName,
        typer.Option(
            "--outcome",
            metavar="released|upheld",
            help="released: the work may go on; upheld: the objector was right, and the consent ends.",
            show_default=False,
        ),
    ],
    objection: Annotated[
        str | None,
        typer.Option(
            "--objection",
            metavar="ID",
            help="Which one, where several are open.",
            show_default=False,
        ),
    ] = None,
    words: Says = None,
    as_json: Json = False,
) -> None:
    """Settle an objection, as a person who heard both sides."""
    from vivant.cli.consenting import settle_objection

    settle_objection(
        record,
        by=by,
        outcome=outcome.value,
        objection=objection,
        words=words,
        places=settings_from().places,
        as_json=as_json,
    )


@app.command("hold")
def hold(record: Record, by: ByName, words: Says = None, as_json: Json = False) -> None:
    """Put a consent on hold until somebody releases it."""
    from vivant.cli.consenting import put_on_hold

    put_on_hold(record, by=by, words=words, places=settings_from().places, as_json=as_json)


@app.command("release")
def release(record: Record, by: ByName, words: Says = None, as_json: Json = False) -> None:
    """End a hold. Objections are settled instead."""
    from vivant.cli.consenting import end_hold

    end_hold(record, by=by, words=words, places=settings_from().places, as_json=as_json)


@app.command("check")
def check(
    record: Record,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at",
            metavar="DATE",
            help="At another moment, in UTC: 2027-01-31 or 2027-01-31T12:00:00.",
            show_default=False,
        ),
    ] = None,
    use: Annotated[
        str | None,
        typer.Option(
            "--use", metavar="USE", help="Whether it covers this use.", show_default=False
        ),
    ] = None,
    take_in: Annotated[
        bool,
        typer.Option(
            "--import",
            help="Take in a full record that was collected elsewhere, after you looked at it.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell whether a record is genuine, and whether it holds. Leaves with 3 when it does not."""
    from vivant.cli.consent_checking import check_record

    places = settings_from().places
    raise typer.Exit(
        check_record(record, at=at, use=use, take_in=take_in, places=places, as_json=as_json)
    )


@app.command("receipt")
def receipt(
    record: MaybeRecord = None,
    check_file: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="FILE.json",
            help="Check a receipt; against RECORD where one is given.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT.json",
            help="Where the receipt goes; the text for people goes beside it as OUT.md.",
            show_default=False,
        ),
    ] = None,
    language: Language = LanguageName.EN,
    as_json: Json = False,
) -> None:
    """Write a signed receipt to keep, or check one. Leaves with 4 when it is not genuine."""
    inputs_are_files([check_file])
    from vivant.cli.consent_checking import check_receipt_file, write_receipt

    places = settings_from().places
    if check_file is not None:
        raise typer.Exit(
            check_receipt_file(check_file, record=record, places=places, as_json=as_json)
        )
    write_receipt(record, output=output, language=language.value, places=places, as_json=as_json)


@app.command("export")
def export(
    record: Record,
    as_jsonld: Annotated[
        bool,
        typer.Option(
            "--jsonld", help="In the words of the W3C Data Privacy Vocabulary, as JSON-LD."
        ),
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="With names, notes and people's own words.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT.json", help="A file instead of the screen."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Give a record out, for another program or for the person: without names unless asked for."""
    from vivant.cli.consent_giving import give_out

    give_out(
        record,
        as_jsonld=as_jsonld,
        names=names,
        output=output,
        places=settings_from().places,
        as_json=as_json,
    )


@app.command("live")
def live(
    record: Record,
    clip: Annotated[
        Path | None,
        typer.Option(
            "--clip",
            metavar="CLIP",
            help="The person reading the passcode aloud, 2 to 30 s. Without it a passcode is made.",
            show_default=False,
        ),
    ] = None,
    passcode: Annotated[
        str | None,
        typer.Option(
            "--passcode",
            metavar="ID",
            help="Which passcode is read in the clip, by the id that was shown with it.",
            show_default=False,
        ),
    ] = None,
    photo: Annotated[
        list[Path] | None,
        typer.Option(
            "--photo",
            metavar="PHOTO",
            help="A photo that the consent is for; repeatable.",
            show_default=False,
        ),
    ] = None,
    confirmed_by: Annotated[
        str | None,
        typer.Option(
            "--confirmed-by",
            metavar="NAME",
            help="Who listened and heard the passcode, where no recogniser is installed.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        str,
        typer.Option("--language", metavar="TAG", help="In which language the passcode is read."),
    ] = "en",
    digits: Annotated[
        bool, typer.Option("--digits", help="Eight digits instead of six words.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Have a living person confirm: first a passcode is made, then a clip of its reading is checked.

    Examples: vivant consent live anna.json · vivant consent live anna.json --clip anna.mp4 --passcode ID --photo anna.jpg
    """
    inputs_are_files([clip, *(photo or [])])
    from vivant.cli.consent_living import ask_for_passcode, check_clip

    places = settings_from().places
    if clip is None:
        ask_for_passcode(record, language=language, digits=digits, places=places, as_json=as_json)
        return
    hush_native_libraries()
    check_clip(
        record,
        clip,
        passcode=passcode,
        photos=photo or [],
        confirmed_by=confirmed_by,
        places=places,
        as_json=as_json,
    )


app.command("answer")(answer)
