"""What the environment says. The only module that reads it; rooms take arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vivant.errors import InputError
from vivant.places import Places

SETTINGS: Mapping[str, str] = {
    "VIVANT_DATA": "Folder for keys, consent records and the ledger. Back it up. "
    "Without it: the user's data folder of the system.",
    "VIVANT_CACHE": "Folder for models, rigs and compiled kernels; may be erased at any time. "
    "Without it: the user's cache folder of the system.",
    "VIVANT_OFFLINE": "`1`: never use the network; a missing model is then an error that says "
    "how to bring it. `0` or unset: models are fetched when first needed.",
    "VIVANT_THREADS": "How many threads draw frames, 1 to 64. Without it: all that the "
    "processor runs at once but one, which encodes; at most 8.",
    "VIVANT_WITNESS": "File on another disk, best one whose past cannot be rewritten, that remembers how far the ledger went: "
    "with it, an older copy of the whole data folder is found out. Without it only a file in the data folder does.",
    "VIVANT_TSA": "Address of a time-stamp authority (RFC 3161) that witnesses when a film was signed, so that "
    "its signature outlives the certificate. Without it none is asked.",
    "VIVANT_DEBUG": "`1`: show the traceback of an error, as `--debug` does.",
}
"""Each variable and what it does."""

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})
MOST_THREADS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The environment, read and checked once."""

    places: Places
    """Where things are kept."""
    offline: bool
    """Whether the network must not be used."""
    threads: int
    """How many threads may draw frames."""
    debug: bool
    """Whether errors show their traceback."""


def settings_from(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environment: Variables by name; those of this process when None.

    Raises:
        InputError: A variable holds something that cannot be understood.
    """
    found = os.environ if environment is None else environment
    usual = Places()
    return Settings(
        places=Places(
            data=_folder(found, "VIVANT_DATA", usual.data),
            cache=_folder(found, "VIVANT_CACHE", usual.cache),
            witness=_witness(found),
            time_stamps=_time_stamps(found),
        ),
        offline=_switch(found, "VIVANT_OFFLINE"),
        threads=_threads(found),
        debug=_switch(found, "VIVANT_DEBUG"),
    )


def hush_native_libraries() -> None:
    """Keep the chatter of native libraries off the terminal; call it before they are loaded.

    What the user has set already stays as it is.
    """
    os.environ.setdefault("GLOG_minloglevel", "3")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def keep_off_hubs() -> None:
    """Keep the libraries of optional engines, and processes that are started from here, off the model hubs."""
    os.environ["HF_HUB_OFFLINE"] = "1"


def _folder(found: Mapping[str, str], name: str, usual: Path) -> Path:
    text = found.get(name, "").strip()
    return Path(text).expanduser().absolute() if text else usual


def _witness(found: Mapping[str, str]) -> Path | None:
    text = found.get("VIVANT_WITNESS", "").strip()
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if path.is_dir():
        message = f"VIVANT_WITNESS is the folder {path}; name a file in it."
        raise InputError(message)
    return path


def _switch(found: Mapping[str, str], name: str) -> bool:
    text = found.get(name, "").strip().lower()
    if text not in _YES | _NO:
        message = f"{name} is {text!r}; set it to 1 or 0, or leave it out."
        raise InputError(message)
    return text in _YES


def _time_stamps(found: Mapping[str, str]) -> str | None:
    address = found.get("VIVANT_TSA", "").strip()
    if not address:
        return None
    if not address.startswith(("http://", "https://")):
        message = (
            "VIVANT_TSA must be an address that begins with http:// or https://; or leave it out."
        )
        raise InputError(message)
    if _switch(found, "VIVANT_OFFLINE"):
        message = "VIVANT_TSA names a time-stamp authority, and VIVANT_OFFLINE forbids the network. Unset one of them."
        raise InputError(message)
    return address


def _threads(found: Mapping[str, str]) -> int:
    text = found.get("VIVANT_THREADS", "").strip()
    if not text:
        return min(max(1, (os.cpu_count() or 2) - 1), 8)  # two that wait for each other cost more
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_THREADS:
        message = f"VIVANT_THREADS is {text!r}; it must be a whole number from 1 to {MOST_THREADS}."
        raise InputError(message)
    return int(text)
