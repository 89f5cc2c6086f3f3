"""Where Vivant keeps things on a machine when nobody says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Folders; made by whoever first writes into them."""

    data: Path = field(default_factory=lambda: platformdirs.user_data_path("vivant"))
    """Keys, consent records, the ledger: keep and back up."""
    cache: Path = field(default_factory=lambda: platformdirs.user_cache_path("vivant"))
    """Models, rigs, compiled kernels: may be erased at any time."""
    witness: Path | None = None
    """File on another disk that remembers how far the ledger went; nothing: only one in the data folder does."""
    time_stamps: str | None = None
    """Address of the authority that witnesses when something was signed (RFC 3161); nothing: none is asked."""
