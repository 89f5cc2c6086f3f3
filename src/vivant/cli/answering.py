"""``vivant consent answer``: write down what a person answered where a rule leaves it to people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.cli.wishes import AudienceName, UseName, inputs_are_files
from vivant.settings import settings_from


def answer(
    record: Annotated[
        str,
        typer.Argument(
            metavar="RECORD",
            help="The record's file, or its id: all 32 digits or the first six or more.",
            show_default=False,
        ),
    ],
    rule: Annotated[
        str,
        typer.Option("--rule", metavar="NAME", help="The rule that asked.", show_default=False),
    ],
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="ID",
            help="Who answers: an id of 32 hex digits, never a name. Not whoever asked for the film.",
            show_default=False,
        ),
    ],
    yes: Annotated[
        bool, typer.Option("--yes/--no", help="What the person answered.", show_default=False)
    ],
    use: Annotated[UseName, typer.Option("--use", help="What for.")] = UseName.PORTRAIT_FILM,
    audience: Annotated[
        AudienceName, typer.Option("--audience", help="Who will see it.")
    ] = AudienceName.PRIVATE,
    about: Annotated[
        str,
        typer.Option(
            "--about",
            metavar="SHA256",
            help="Which words, scenes or places it is about: the refusal names the hash.",
            show_default=False,
        ),
    ] = "",
    reason: Annotated[
        Path | None,
        typer.Option(
            "--reason",
            metavar="FILE",
            help="A file with the reasons; its hash is written down, and the file stays yours.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer where a rule leaves a decision to people.

    The refusal shows this command with its options. A yes holds for a year, for what was asked alone, until somebody
    says no. Where a rule wants two people, two answers by one person count once.

    Example: vivant consent answer 3f2a91 --rule memorial.public-needs-a-person --use public-showing --audience public --by ID --yes
    """
    inputs_are_files([reason])
    from vivant.cli.answers import write_answer

    write_answer(
        record,
        rule=rule,
        by=by,
        yes=yes,
        use=use.value,
        audience=audience.value,
        about=about,
        reason=reason,
        places=settings_from().places,
        as_json=as_json,
    )
