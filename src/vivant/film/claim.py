"""One thing that a film or a sound must prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whether it is proved, and why."""

    name: str
    ok: bool
    why: str
    """One plain sentence, whether it holds or not."""
    film_id: str | None = None
    """The film or sound that it names, where it names one."""

    def to_json(self) -> dict[str, Any]:
        """As ``vivant verify --json`` tells it."""
        return {"ok": self.ok, "why": self.why}
