"""A process of its own for the network of a mark: started when first asked, ended when it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from vivant.errors import EngineBrokeError, InputError, MissingError, ResourceError
from vivant.models.apart import Refused, Worker, environment_of, python_for
from vivant.places import Places

ANSWER_S = 300.0
"""How long one answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkNeeds:
    """What the network of a mark runs on."""

    name: str
    """The mark's."""
    module: str
    """What must be importable there."""
    called: str
    """That, as people call it: ``"PyTorch"``."""
    packages: str
    """What to install."""
    worker: str
    """The module that the process runs."""
    mend_weights: str
    """What to do where weights cannot be loaded: a sentence."""


class NetworkProcess:
    """Asks a network that runs in a process of its own."""

    def __init__(
        self, needs: NetworkNeeds, *, python: Path | None = None, places: Places | None = None
    ) -> None:
        """Choose; nothing is started yet.

        Args:
            needs: What the network runs on.
            python: The Python that has it; looked for when None.
            places: Where environments are kept.
        """
        self._needs, self._python, self._places = needs, python, places
        self._worker: Worker | None = None
        self.loaded = False
        """Whether the process has its weights; false again when it had to be ended."""

    def found_python(self) -> Path | None:
        """Find the Python that has what is needed."""
        needs = self._needs
        return python_for(needs.name, module=needs.module, places=self._places, python=self._python)

    def ask(
        self, task: str, facts: Mapping[str, object], *values: np.ndarray
    ) -> Float32[np.ndarray, " values"]:
        """Ask, and wait for the answer: numbers, as many as there are.

        Raises:
            MissingError: A package is not there.
            InputError: The weights cannot be loaded.
            ResourceError: There is too little memory.
            EngineBrokeError: It failed, or the process ended.
        """
        flat = [np.ascontiguousarray(np.ravel(value), np.float32) for value in values]
        try:
            answer = self._process().ask(task, dict(facts), *flat, patience_s=ANSWER_S)
        except Refused as refused:
            raise self._trouble(refused) from None
        except EngineBrokeError:
            self.loaded = False  # it starts anew, with nothing loaded
            raise
        return answer.sounds[0] if answer.sounds else np.zeros(0, np.float32)

    def odd(self, found: int, needed: int) -> EngineBrokeError:
        """Say that an answer has another length than it must have."""
        message = f"The mark {self._needs.name} returned {found} numbers; {needed} are needed. Install its packages again."
        return EngineBrokeError(message)

    def close(self) -> None:
        """End the process, which gives the memory back."""
        if self._worker is not None:
            self._worker.close()
        self._worker, self.loaded = None, False

    def _process(self) -> Worker:
        if self._worker is None:
            needs, python = self._needs, self.found_python()
            if python is None:
                message = f"The mark {needs.name} needs {needs.called}, which is not here. {self._how_to_install()}"
                raise MissingError(message)
            self._worker = Worker(
                needs.worker, engine=needs.name, python=python, kind="mark engine"
            )
        return self._worker

    def _trouble(self, refused: Refused) -> Exception:
        self.close()
        name = self._needs.name
        if refused.reason == "missing":
            message = f"The Python package {refused.what!r} is not in the environment of the mark {name}. {self._how_to_install()}"
            return MissingError(message)
        if refused.reason == "memory":
            message = f"The mark {name} needs more memory than is free. Close other programs, or leave this mark out."
            return ResourceError(message)
        if refused.reason == "weights":
            message = f"The weights of the mark {name} cannot be loaded ({refused.what}). {self._needs.mend_weights}"
            return InputError(message)
        message = f"The mark {name} failed ({refused.what}). Install its packages again: {self._needs.packages}; or leave this mark out."
        return EngineBrokeError(message)

    def _how_to_install(self) -> str:
        home = environment_of(self._needs.name, places=self._places)
        return f"Give it an environment of its own: python3.11 -m venv {home}, then {home}/bin/pip install {self._needs.packages}."
