"""What came of a shot whose pictures somebody else was asked to invent: kept beside the shot, told in papers and report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from vivant.errors import InputError
from vivant.provenance.safekeeping import sha256_hex
from vivant.scene.shot import Shot

SUFFIX = ".account.json"
KIND = "shot-account/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who was asked, for what, and what came of it; no word of the prompt."""

    engine: str
    """Name of the engine, as storyboards write it."""
    identity: str
    """Its version, weights and dials."""
    seed: int
    prompt_sha256: str
    why: tuple[str, ...] = ()
    """Why its pictures are not shown; nothing when they are."""
    measured: Mapping[str, float] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Whether its pictures are in the film; else ours are."""
        return not self.why

    def word(self, shot: str) -> str:
        """Say it to people."""
        if not self.shown:
            return (
                f"shot {shot}: what {self.engine} made of it cannot be shown, so it was drawn as always: "
                f"{'; '.join(self.why)}. Another prompt, or another seed, may do better."
            )
        told = [f"detail {self.measured.get('sharpness', 0):.2f} of ours"]
        if "likeness" in self.measured:
            told.insert(0, f"likeness {self.measured['likeness']:.3f}")
        return (
            f"shot {shot}: its pictures after the first are invented by {self.engine} ({', '.join(told)}). "
            "Somebody who knew the person must look at them: at the face, the hands, and at what is done."
        )

    def papers(self) -> str:
        """Say it in a film's papers."""
        return f"{self.engine}, seed {self.seed}, prompt {self.prompt_sha256[:16]}"


@runtime_checkable
class AccountableShooter(Protocol):
    """A shooter that has some shots made by others."""

    def who(self, shot: Shot, /) -> str:
        """Name whoever makes a shot, and all that decides how beside the shot's own numbers."""

    def account(self, shot: Shot, /) -> Account | None:
        """Tell what came of a shot after its last frame; nothing for shots of our own."""


def account_of(
    engine: str, identity: str, shot: Shot, *, why: Sequence[str], measured: Mapping[str, float]
) -> Account:
    """Write an account of a shot."""
    return Account(
        engine=engine,
        identity=identity,
        seed=shot.seed,
        prompt_sha256=sha256_hex(shot.prompt.encode()),
        why=tuple(why),
        measured={name: round(value, 4) for name, value in measured.items()},
    )


def write_account(account: Account, path: Path) -> None:
    """Keep an account."""
    facts = {"kind": KIND, **asdict(account)}
    path.write_text(json.dumps(facts, ensure_ascii=False) + "\n", encoding="utf-8")


def read_account(path: Path) -> Account:
    """Read an account.

    Raises:
        InputError: It is damaged, or of another version.
    """
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        if facts.pop("kind") != KIND:
            raise ValueError  # noqa: TRY301 - told below
        return Account(**{**facts, "why": tuple(facts["why"]), "measured": dict(facts["measured"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = "The account of a shot cannot be read. The shot is made again."
        raise InputError(message) from error
