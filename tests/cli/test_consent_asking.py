"""Questions on a terminal lead to the same records as forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from vivant.cli.consent_asking import ask_all
from vivant.provenance.consent import KINDS, Consent, Kind
from vivant.provenance.consent_filling import record_from
from vivant.provenance.consent_forms import form_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BEGIN = ["en", "y", "de", "Ada Example", "A Studio", "a@b.example"]
SITUATIONS: dict[Kind, list[str]] = {
    "self": ["y"],
    "kin": [
        *("2026-01-02", "paper.pdf", "yes", "paper.pdf"),
        *("Bea Example", "daughter", "paper.pdf"),
        *("y", "Bob Example", "son", "2026-11-01", "unknown", "n", "2026-12-24", "y"),
    ],
    "guardians": [
        *("2019-05-06", "Bea Example", "mother", "paper.pdf"),
        *("y", "Bob Example", "father", "paper.pdf", "n", "yes"),
    ],
    "presenter": [
        *("apples, pears", "de, at", "2026-12-01", "2030-12-31", "500 EUR a film", ""),
        "y",
    ],
    "public-domain": ["1901-01-31", "a painting of 1890", "y"],
}
USES: dict[Kind, list[str]] = {
    "self": ["y", "y", "n", "n", "n", "n"],
    "kin": ["y", "n", "y", "n"],
    "guardians": ["y", "n", "n"],
    "presenter": ["y", "n", "n", "n", "n"],
    "public-domain": ["y", "n", "n"],
}
WHERE: dict[Kind, list[str]] = {kind: ["en, de", "DE"] for kind in KINDS} | {"presenter": ["any"]}
END = ["as long as it lasts", "Tell us.", "signed-form", "paper.pdf", "n"]


def asked(answers: Sequence[str], kind: Kind | None) -> dict[str, Any]:
    with CliRunner().isolation(input="\n".join(answers) + "\n"):
        return ask_all(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_answers_make_a_full_record(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_text("paper")
    line = [*BEGIN, *SITUATIONS[kind], *USES[kind], "2030-12-31", *WHERE[kind], *END]

    consent: Consent = record_from(form_of(asked(line, kind)), folder=tmp_path, now=NOW)

    assert consent.kind == kind
    assert consent.jurisdiction == "DE"
    assert consent.purposes[0] == ("commerce" if kind == "presenter" else "portrait-film")
    assert ("voice-likeness" in consent.purposes) == (kind == "self")
    data = {one.pii_type for one in consent.pii_information}
    assert ("voice-measure" in data) == (kind == "self")
    if kind == "presenter":
        assert consent.territories == ("DE", "AT")


def test_alone_among_kin_and_guardians(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_text("paper")
    alone = {
        "kin": [*("2026-01-02", "paper.pdf", "no"), "B", "son", "paper.pdf", "n", "y"],
        "guardians": ["2019-05-06", "B", "mother", "paper.pdf", "n", "y", "unknown"],
    }
    for kind, said in alone.items():
        line = [*BEGIN, *said, *USES[kind], "2030-12-31", *WHERE[kind], *END]  # type: ignore[index]
        answers = asked(line, kind)  # type: ignore[arg-type]

        if kind == "kin":
            assert answers["no_other_kin"]
        else:
            assert answers["child"]["sole"]


def test_who_says_no_to_the_notice_is_not_asked_further() -> None:
    with pytest.raises(typer.Abort):
        asked(["en", "n"], "self")


def test_the_kind_is_asked_for_and_another_language_wants_its_text() -> None:
    with pytest.raises(typer.Abort):
        asked(["2", "ja", "notice.txt", "n"], None)
