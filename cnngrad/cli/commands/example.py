"""`example`: list the samples, run one, or copy its files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.text import HelpText, message, say, translated
from .. import options as opt

if TYPE_CHECKING:
    from ...show.terminal.layout import Block
    from ..screen import Screen

Name = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help=message("The example; without: a list."))
]
Copy = Annotated[
    Path | None,
    typer.Option(
        "--copy", metavar="DIR", help=message("Write its files into this folder, to be changed.")
    ),
]


HELP = HelpText(
    message("Worked examples to run, and to copy and change."),
    example=r"""
cnngrad example
cnngrad example convolution
cnngrad example convolution --steps 2
cnngrad example convolution --copy mine
""",
    notes=(
        message(
            "All options of the example's command are understood, such as --steps,"
            " --gradient and --format."
        ),
    ),
)


def example(
    context: typer.Context,
    name: Name = None,
    copy: Copy = None,
    force: opt.Force = False,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    """Run `example`, as HELP tells it."""
    from ...files.samples import sample
    from ..app import run
    from ..screen import Screen

    screen = Screen(no_color, quiet)
    if name is None:
        screen.show([_listed(screen)])
        return 0
    path = sample(name)
    if copy is not None:
        _copy(path.parent, copy, force, screen)
        return 0
    op = json.loads(path.read_text(encoding="utf-8"))["op"]
    passed = [*(["--no-color"] if no_color else []), *(["--quiet"] if quiet else [])]
    return run([op, str(path), *passed, *(["--force"] if force else []), *context.args])


def _listed(screen: "Screen") -> "Block":
    """Names and titles of all samples."""
    from ...files.samples import sample_files
    from ...show.terminal.examples import examples

    titles = {
        name: translated(json.loads(path.read_text(encoding="utf-8")).get("title", ""))
        for name, path in sample_files().items()
    }
    return examples(titles, screen.look)


def _copy(source: Path, target: Path, force: bool, screen: "Screen") -> None:
    from ...core.errors import FileError
    from ...files.atomic import check_free, make_folder, write_whole
    from ...pictures.captions import WROTE

    files = sorted(path for path in source.iterdir() if path.is_file())
    if target.exists() and not target.is_dir():
        raise FileError(say("The target is no folder."), where=str(target))
    for path in files:
        check_free(target / path.name, force)
    make_folder(target)
    for path in files:
        write_whole(target / path.name, path.read_bytes(), force)
        screen.note(say(WROTE, path=target / path.name))
