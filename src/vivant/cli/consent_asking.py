"""Asks for a consent on a terminal, in plain words; the answers are those of a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer

from vivant.cli.screen import note
from vivant.provenance.consent import KINDS, USES, Kind, Use
from vivant.provenance.notices import LANGUAGES, notice_text

_WHO: dict[Kind, str] = {
    "self": "the person agrees, and is of age",
    "kin": "the person has died, and you are the closest family",
    "guardians": "the person is a child, and all parents or guardians agree",
    "presenter": "a presenter agrees by contract",
    "public-domain": "the portrait is in the public domain, and the person is long dead",
}
_WHAT: dict[Use, str] = {
    "portrait-film": "a film for private use",
    "voice-likeness": "a voice that sounds like the person",
    "family-link": "a link for the family",
    "public-showing": "a showing to the public",
    "commerce": "selling and advertising",
    "live": "a live stream",
    "training": "teaching a computer model",
}
_OFFERED: dict[Kind, tuple[Use, ...]] = {
    "self": tuple(use for use in USES if use != "commerce"),
    "kin": ("portrait-film", "voice-likeness", "family-link", "public-showing"),
    "guardians": ("portrait-film", "voice-likeness", "family-link"),
    "presenter": ("commerce", "portrait-film", "voice-likeness", "public-showing", "live"),
    "public-domain": ("portrait-film", "family-link", "public-showing"),
}
_DATA: dict[Use, tuple[str, ...]] = {
    "voice-likeness": ("voice-recording", "voice-measure"),
    "portrait-film": ("photo", "face-measure"),
}


def ask_all(kind: Kind | None) -> dict[str, Any]:
    """Ask everything that a full record needs.

    Args:
        kind: Who agrees, if that was said already.

    Returns:
        The answers, as a filled-in form holds them.

    Raises:
        typer.Abort: The text was not shown, or nobody agreed.
    """
    if kind is None:
        note("Who agrees?")
        kind = _choice(KINDS, _WHO)
    answers: dict[str, Any] = {"kind": kind, "language": _word("Language of the talk", "en")}
    _show_notice(answers)
    answers |= {
        "law_of": _word("Under which country's law (DE, FR, CN, US)").upper(),
        "person": _word("Name of the person shown (stays in the record)"),
        "asked_by": {
            "name": _word("Your name or company (answers for the data)"),
            "contact": _word("Your e-mail or telephone"),
        },
    }
    answers |= _SITUATIONS[kind]()
    uses = _uses(kind)
    answers |= {
        "uses": uses,
        "data": list(dict.fromkeys(one for use in uses for one in _DATA.get(use, ("photo",)))),
        "until": _word("Last day on which it holds (year-month-day)"),
        "languages": _list_or_any("In which languages may the person speak"),
        "countries": answers.get("contract", {}).get("countries")
        or _list_or_any("In which countries may it be shown"),
        "kept_where": ["this computer"],
        "kept_how_long": _word("How long is the data kept", "as long as this consent lasts"),
        "taken_back_by": _word(
            "How is it taken back", "Tell the person named above, at any time and without a reason."
        ),
        "how": _word(
            "How was it agreed (signed-form, in-writing, spoken, on-camera)", "signed-form"
        ),
        "evidence": {"agreement": _word("A file that shows it (scan or recording)")},
        "public_figure": _yes("Is or was the person known to the public?"),
    }
    return answers


def _show_notice(answers: dict[str, Any]) -> None:
    language = answers["language"].partition("-")[0].lower()
    if language in LANGUAGES:
        note(notice_text(language))
    else:
        answers["notice"] = _word("A file with the text that was shown, in that language")
    if not _yes("Was this text shown, and is it agreed?"):
        note("Then there is no consent, and nothing was written.")
        raise typer.Abort


def _self() -> dict[str, Any]:
    return {"of_age": _yes("Is the person of age?")}


def _kin() -> dict[str, Any]:
    died = {
        "on": _word("On which day did the person die (year-month-day)"),
        "proof": _word("The death certificate: a file"),
        "wish": _one_of("Did the person, in life, want this", ("yes", "no", "unknown")),
    }
    if died["wish"] == "yes":
        died["wish_proof"] = _word("A file that shows the wish")
    asking = _somebody("Who asks")
    others = _several("Another close relative", _relative)
    more: dict[str, Any] = {"other_kin": others} if others else {"no_other_kin": True}
    if others:
        more["objections_until"] = _word("Last day on which they may object (year-month-day)")
    know = _yes("Do all who will see it know that the person has died?")
    return {"died": died, "requester": asking, "viewers_know": know, **more}


def _guardians() -> dict[str, Any]:
    born_on = _word("When was the child born (year-month-day)")
    first = _somebody("A parent or guardian")
    others = _several("Another parent or guardian", _somebody)
    sole = not others and _yes("Does this one have parental responsibility alone?")
    child = {"born_on": born_on, "guardians": [first, *others], "sole": sole}
    child["wants_it"] = _one_of("Does the child want it", ("yes", "no", "unknown"))
    return {"child": child}


def _presenter() -> dict[str, Any]:
    contract = {
        "products": _commas(_word("Which products, with commas between")),
        "countries": [one.upper() for one in _commas(_word("In which countries (DE, AT)"))],
        "begins": _word("First day (year-month-day)"),
        "until": _word("Last day (year-month-day)"),
        "pay": _word("What is paid"),
        "ends_by": _word("How does either side end it earlier", "one month's notice in writing"),
    }
    return {"of_age": _yes("Is the presenter of age?"), "contract": contract}


def _public_domain() -> dict[str, Any]:
    return {
        "died": {"on": _word("On which day did the person die (year-month-day)")},
        "note": _word("Why is the portrait free to use"),
        "viewers_know": _yes("Do all who will see it know that the person has died?"),
    }


_SITUATIONS: dict[Kind, Callable[[], dict[str, Any]]] = {
    "self": _self,
    "kin": _kin,
    "guardians": _guardians,
    "presenter": _presenter,
    "public-domain": _public_domain,
}


def _somebody(who: str) -> dict[str, Any]:
    return {
        "name": _word(f"{who}: name"),
        "relation": _word("  relation to the person (daughter, mother)"),
        "proof": _word("  a file that shows the relation"),
    }


def _relative(who: str) -> dict[str, Any]:
    return {
        "name": _word(f"{who}: name"),
        "relation": _word("  relation to the person (son, widow)"),
        "told_on": _word("  told on which day (year-month-day)"),
        "agrees": _one_of("  agrees", ("yes", "no", "unknown")),
    }


def _several(who: str, ask: Callable[[str], dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while _yes(f"{who}: is there one{' more' if found else ''}?"):
        found.append(ask(who))
    return found


def _uses(kind: Kind) -> list[Use]:
    note("What is allowed? Anything else stays forbidden.")
    return [use for use in _OFFERED[kind] if _yes(f"  {_WHAT[use]} ({use})?")]


def _word(question: str, default: str | None = None) -> str:
    return str(typer.prompt(question, default=default, err=True)).strip()


def _yes(question: str) -> bool:
    return typer.confirm(question, err=True)


def _one_of(question: str, answers: Sequence[str]) -> str:
    asked = f"{question} ({', '.join(answers)})"
    while (said := _word(asked)) not in answers:
        note(f"  {said!r} is none of them.")
    return said


def _choice(kinds: Sequence[Kind], words: dict[Kind, str]) -> Kind:
    for number, kind in enumerate(kinds, 1):
        note(f"  {number}  {words[kind]}")
    numbers = [str(number) for number in range(1, len(kinds) + 1)]
    return kinds[int(_one_of("Number", numbers)) - 1]


def _commas(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _list_or_any(question: str) -> str | list[str]:
    said = _word(f"{question} (any, or codes with commas between)", "any")
    return "any" if said == "any" else _commas(said)
