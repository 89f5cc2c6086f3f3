"""Options of ``vivant consent``, said once."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer


class KindName(Enum):
    """Who agrees."""

    SELF = "self"
    KIN = "kin"
    GUARDIANS = "guardians"
    PRESENTER = "presenter"
    PUBLIC_DOMAIN = "public-domain"


class OutcomeName(Enum):
    """How an objection ends."""

    RELEASED = "released"
    UPHELD = "upheld"


class LanguageName(Enum):
    """In which the notice and receipts are written."""

    EN = "en"
    DE = "de"
    ZH = "zh"
    FR = "fr"
    ES = "es"


Record = Annotated[
    str,
    typer.Argument(
        metavar="RECORD",
        help="The record's file, or its id: all 32 digits or the first six or more.",
        show_default=False,
    ),
]
MaybeRecord = Annotated[
    str | None,
    typer.Argument(
        metavar="[RECORD]",
        help="The record's file, or its id: all 32 digits or the first six or more.",
        show_default=False,
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Who does it. The name goes into the record's own file; the ledger gets a random id.",
        show_default=False,
    ),
]
ByName = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Who does it. The name goes into the record's own file; the ledger gets a random id.",
        show_default=False,
    ),
]
Says = Annotated[
    str | None,
    typer.Option(
        "--words",
        metavar="TEXT",
        help="Why, in that person's own words; stays in the record's own file.",
        show_default=False,
    ),
]
EvidenceFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="WHAT=FILE",
        help="A file that shows it, by what it is; repeatable. Only its hash is kept.",
        show_default=False,
    ),
]
Language = Annotated[
    LanguageName,
    typer.Option("--language", metavar="TAG", help="Language of the receipt: en, de, zh, fr, es."),
]
