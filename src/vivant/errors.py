"""The tree of errors that Vivant raises on purpose.

VivantError
├── InputError            what the caller gave cannot be used (exit code 2)
│   ├── media: a file, a picture, a sound that cannot be read
│   ├── intake: a photo that will not do
│   └── script: words that cannot be spoken
├── ConsentError          nothing may be made without it (exit code 3)
├── PapersError           signing or reading back the papers failed (exit code 4)
├── MissingError          a model, a library or an engine is not here (exit code 5)
├── EngineBrokeError      an engine returned what it must not (exit code 6)
└── ResourceError         disk full, file in use (exit code 7)

A message says what was found, what is needed and what to do. It holds numbers and
ids, never a name, a script or a likeness, so that it can be logged as it is.
Rooms add subclasses beside the code that raises them, with a ``code`` of their own.
"""

from __future__ import annotations

from typing import Any, ClassVar


def _revive(cls: type[VivantError], args: tuple[object, ...], facts: dict[str, Any]) -> VivantError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(facts)
    return error


class VivantError(Exception):
    """Base of every error raised on purpose."""

    code: ClassVar[str] = "vivant"
    """Stable name for logs, interfaces and the docs; never reused."""
    exit_code: ClassVar[int] = 1
    """What the command line returns for it."""
    retryable: ClassVar[bool] = False
    """Whether the same call may succeed later with nothing changed."""

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the trip from a worker process, whatever ``__init__`` takes."""
        return _revive, (type(self), self.args, dict(self.__dict__))


class InputError(VivantError):
    """What was given cannot be used; the message says what would."""

    code = "input"
    exit_code = 2


class ConsentError(VivantError):
    """There is no consent that covers what was asked."""

    code = "consent"
    exit_code = 3
    rule: str = ""
    """Name of the rule that refused, where one did: see ``docs/reference/rules.md``."""


class PapersError(VivantError):
    """A film's papers could not be made, or do not hold."""

    code = "papers"
    exit_code = 4


class MissingError(VivantError):
    """Something that must be installed or fetched first is not here."""

    code = "missing"
    exit_code = 5


class EngineBrokeError(VivantError):
    """An engine returned what its contract forbids."""

    code = "engine-broke"
    exit_code = 6


class ResourceError(VivantError):
    """The machine could not give what the work needs."""

    code = "resource"
    exit_code = 7
    retryable = True
