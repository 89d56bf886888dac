"""The samples that come with the program: one copy, in the wheel as in the clone."""

from pathlib import Path

from ..core.errors import UsageError, nearest
from ..core.text import say, series


def samples_folder() -> Path:
    """Where the samples lie: in the installed package, or at the top of the clone."""
    package = Path(__file__).parents[1]
    installed = package / "samples"
    return installed if installed.is_dir() else package.parent / "samples"


def sample_files() -> dict[str, Path]:
    """The problem or network file of each sample, by the sample's name."""
    known = {}
    for folder in sorted(samples_folder().iterdir()):
        for name in ("problem.json", f"{folder.name}.json"):
            if (folder / name).is_file():
                known[folder.name] = folder / name
    return known


def sample(name: str) -> Path:
    """The file of one sample.

    Raises
    ------
    UsageError
        There is none of this name.
    """
    known = sample_files()
    if name not in known:
        raise UsageError(
            say("There is no example {name}.", name=name),
            expected=series(known),
            fix=nearest(name, known),
        )
    return known[name]
