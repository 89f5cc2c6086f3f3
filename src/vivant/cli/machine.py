"""``vivant engines`` and ``vivant doctor``."""

from __future__ import annotations

import typer

from vivant.cli.options import Json
from vivant.cli.screen import note, result, results_as_json
from vivant.errors import MissingError
from vivant.settings import hush_native_libraries, settings_from


def engines(as_json: Json = False) -> None:
    """List the installed engines with what they can do."""
    hush_native_libraries()
    from vivant.cli.surveying import survey_engines

    found = survey_engines()
    if as_json:
        results_as_json({"engines": found})
        return
    for engine in found:
        state = "" if engine.ok else f"  CANNOT BE LOADED: {engine.why}"
        result(
            f"{engine.room:<8} {engine.name:<12} {engine.package} {engine.package_version}{state}"
        )
        for name, value in engine.traits.items():
            result(f"{'':<8} {'':<12} {name}: {value}")


def doctor(as_json: Json = False) -> None:
    """Check this machine: Python, libraries, models, disk, threads, folders, keys.

    Leaves with 5 when something is missing; each line says what to do.
    """
    note("Vivant examines this machine.")
    hush_native_libraries()
    from vivant.cli.surveying import examine

    checks = examine(settings_from())
    if as_json:
        results_as_json({"ok": all(check.ok for check in checks), "checks": checks})
    else:
        for check in checks:
            mark = "ok  " if check.ok else "LACK"
            todo = "" if check.ok else f" {check.what_to_do}"
            result(f"{mark} {check.name}: {check.found}{todo}")
    if not all(check.ok for check in checks):
        raise typer.Exit(MissingError.exit_code)
