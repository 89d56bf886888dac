"""`exercise network-backward`: whole networks to be worked by hand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...core.errors import ExitCode, UsageError
from ...core.text import say, series
from ...grading.network_exercises import KIND, network_exercises
from ...grading.network_marker import NetworkMarker
from ...show.print.network_worksheet import network_answer, network_key, network_worksheet
from ..screen import Screen, emit


def network_exercise(
    difficulty: int,
    seed: int,
    students: list[str] | None,
    folder: Path | None,
    style: str,
    force: bool,
    screen: Screen,
) -> int:
    """Print one network exercise, or write one for each student."""
    made = network_exercises(difficulty, seed, len(students or [""]))
    if folder is None:
        data, network = next(made)
        sheet = network_worksheet(NetworkMarker(network), seed)
        emit(_file(data) if style == "json" else sheet)
        return ExitCode.DONE
    from ...files.atomic import check_free, make_folder, write_whole

    names = students or [""]
    files: dict[Path, str] = {}
    for name, (data, network) in zip(names, made, strict=True):
        marker = NetworkMarker(network)
        files[folder / name / "problem.json"] = _file(data)
        files[folder / name / "worksheet.md"] = network_worksheet(marker, seed)
        key = folder / "keys" / name if name else folder / "key"
        files[key.with_name(f"{key.name}.md")] = network_key(marker, seed)
        files[key.with_name(f"{key.name}.json")] = network_answer(marker)
    for path in files:
        check_free(path, force)
    make_folder(folder, *{path.parent for path in files})
    for path, text in files.items():
        write_whole(path, text.encode(), force)
    screen.note(
        say(
            "wrote {path}: {count} of {op}, seed {seed}",
            path=folder,
            count=len(names),
            op=KIND,
            seed=seed,
        )
    )
    return ExitCode.DONE


def refuse_sizes(options: Mapping[str, Any]) -> None:
    """Refuse what a network exercise does not take.

    Raises
    ------
    UsageError
        Something is given that has no meaning here.
    """
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    if given:
        raise UsageError(
            say("A network exercise takes its sizes from its difficulty."),
            found=series(given),
            expected=say("--difficulty 1 to 5"),
        )


def _file(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=1) + "\n"
