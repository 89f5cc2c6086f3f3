"""Measure what trust promises, and print tables: ``python -m benchmarks.trust [--only NAME] [--json FILE]``."""

from __future__ import annotations

from benchmarks.suites import Suites, run_suites
from benchmarks.trust import credentials, ledger, marking, policy, register, sounds

SUITES: Suites = {
    "credentials": credentials.run,
    "policy": policy.run,
    "ledger": ledger.run,
    "register": register.run,
    "sounds": sounds.run,
    "marking": marking.run,
}

if __name__ == "__main__":
    run_suites(SUITES, prog="python -m benchmarks.trust", about=__doc__)
