"""What all operation commands do: put the problem together, compute, show, write."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..core.denominators import MAX_DIGITS, common_digits
from ..core.descent import updated
from ..core.errors import (
    CnngradError,
    ExitCode,
    FileError,
    NumberError,
    SettingError,
    UsageError,
    nearest,
)
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.spec import OpSpec
from ..core.text import Count, joined, say, series
from ..files import ProblemFile, read_array, read_problem
from ..pictures.selection import ALL, NONE, Selection
from .progress import busy, piped
from .screen import Screen


class Request(NamedTuple):
    """What to show of a problem, how, and what to write."""

    gradient: Sequence[str] | None = None
    steps: str | None = None
    format: str = "table"
    output: Sequence[Path] | None = None
    force: bool = False
    check: str | None = None
    """An answer to be marked, instead of showing the solution."""
    exact: bool | None = None
    no_color: bool = False
    quiet: bool = False


def operate(
    spec: OpSpec, problem_file: str | None, options: Mapping[str, object], request: Request
) -> ExitCode:
    """Run one operation from the command line.

    Parameters
    ----------
    spec
        The operation.
    problem_file
        The argument, if given.
    options
        Matrices and settings by key, as they stand on the command line; None where one is not
        given.
    request
        What to show and to write.
    """
    selection = read_steps(request.steps)
    if request.output:
        from .output import check_results, check_targets

        check_targets(request.output, request.force)
    refuse_second_dash(problem_file, request.check, *texts_of(spec, options))
    screen = Screen(request.no_color, request.quiet)
    with busy(say("reading and computing"), screen):
        assembled = assemble(spec, problem_file, options)
        problem = assembled.computed(request.exact)
        names = chosen(problem, request.gradient)
        check_steps(problem, names, selection, screen)
        if request.exact is None and not problem.exact:
            _tell_of_denominators(problem, assembled, screen)
        # Now, so that what cannot be computed or written is said before all else.
        _ = problem.results, updated(problem)
        if request.output:
            check_results(request.output, problem, names)
    if request.check is not None:
        return _checked(problem, request.check, request, screen)
    show(problem, names, selection, request, screen)
    if request.output:
        from .output import write, written

        for path in request.output:
            with busy(say("writing {name}", name=path.name), screen):
                write(path, problem, names, selection, request.force)
            screen.note(written(path, problem, names, selection))
    return ExitCode.DONE


def _checked(problem: Problem, answer: str, request: Request, screen: Screen) -> ExitCode:
    """Mark an answer instead of showing the solution."""
    from ..grading.messages import FULL
    from .commands.check import judge
    from .marking import Wishes, problem_marker

    if request.format not in ("table", "json") or request.output:
        raise UsageError(
            say("--check prints a verdict."),
            expected=say("--format table or json, and no --output"),
        )
    wanted = request.gradient or ()
    if len(wanted) > 1:
        raise UsageError(say("--check takes one --gradient, or none for all that is handed in."))
    return judge(
        problem_marker(problem, Wishes(exact=request.exact)),
        answer,
        wanted[0] if wanted else None,
        format=request.format,
        level=FULL,
        screen=screen,
    )


def texts_of(spec: OpSpec, options: Mapping[str, object]) -> list[str]:
    """What stands on the command line for matrices."""
    texts = (options.get(operand.key) for operand in spec.operands)
    return [str(text) for text in texts if text is not None]


def assemble(
    spec: OpSpec, problem_file: str | ProblemFile | None, options: Mapping[str, object]
) -> Problem:
    """The problem that file, read or not, and options pose together; options beat the file."""
    op = spec.name
    read = read_problem(problem_file, op) if isinstance(problem_file, str) else problem_file
    asked = {key: value for key, value in options.items() if value is not None}
    given: dict[str, Array] = dict(read.given) if read else {}
    for operand in spec.operands:
        if operand.key in asked:
            names = (operand.name, operand.key)
            text = str(asked.pop(operand.key))
            given[operand.name] = read_array(text, f"--{operand.key}", names)
    try:
        for setting in spec.settings:
            if setting.name in asked:  # whatever else is given, this must make sense
                setting.read(asked[setting.name])
    except SettingError as error:
        raise as_usage(error) from None
    merged = ProblemFile(
        op, given, {**(read.settings if read else {}), **asked}, read.title if read else "", ""
    )
    missing = [o for o in spec.operands if not o.optional and o.name not in given]
    if missing and read:
        raise FileError(
            say(
                "The problem file lacks {names}.", names=joined(operand.name for operand in missing)
            ),
            where=read.name,
            expected=say("the key {keys}", keys=joined(f'"{operand.key}"' for operand in missing)),
            fix=say("or give {options}", options=joined(f"--{o.key}" for o in missing)),
        )
    if missing:
        wanted = joined(f"--{operand.key}" for operand in missing)
        raise UsageError(
            say("{op} needs {names}.", op=op, names=joined(operand.name for operand in missing)),
            expected=say("{wanted}, or a problem file", wanted=wanted),
            fix=say("cnngrad {op} --help shows an example", op=op),
        )
    try:
        return merged.problem()
    except SettingError as error:
        raise (error.at(read.name) if read else as_usage(error)) from None
    except CnngradError as error:
        raise (error.at(read.name) if read and not error.where else error) from None


def as_usage(error: SettingError) -> SettingError:
    """The error of an option rather than of a file."""
    error.exit_code = ExitCode.USAGE
    return error


def refuse_second_dash(*given: str | None) -> None:
    """Refuse `-` for more than one thing: standard input can be read once."""
    if [text for text in given if text is not None and text.strip() == "-"][1:]:
        raise UsageError(
            say("Standard input can give one matrix, or the problem file."),
            found=say("- more than once"),
            fix=say("give the others as files or numbers"),
        )


def chosen(problem: Problem, gradient: Sequence[str] | None) -> tuple[str, ...]:
    """The results that are wanted, in the order in which they are shown."""
    for name in gradient or ():
        if name not in problem.names:
            raise UsageError(
                say("{op} has no result {name}.", op=problem.op, name=name)
                if name.strip()
                else say("The name of the gradient is empty."),
                expected=series(problem.names),
                fix=nearest(name, problem.names),
            )
    return tuple(name for name in problem.names if not gradient or name in gradient)


def read_steps(steps: str | None) -> Selection:
    """Understand `--steps`: all, none, K or A-B.

    >>> read_steps("3-7").ranges(100)
    [(3, 7)]
    """
    if steps is None:
        return Selection()
    if steps in ("all", "none"):
        return ALL if steps == "all" else NONE
    first, dash, last = steps.partition("-")
    if first.isdecimal() and (last.isdecimal() if dash else True) and int(first) >= 1:
        end = int(last) if dash else int(first)
        if end >= int(first):
            return Selection(int(first), end, sensible=False)
    raise UsageError(
        say("--steps is not understood."),
        found=steps,
        expected=say("all, none, the number of a step such as 3, or a range such as 3-7"),
    )


def _tell_of_denominators(problem: Problem, assembled: Problem, screen: Screen) -> None:
    """Say that fractions are computed in float64, where only their denominators are too long."""
    if problem.rational and common_digits(assembled.given.values()) > MAX_DIGITS:
        screen.note(
            say(
                "The common denominator of these fractions has more than {digits:# digit|# digits}:"
                " they are computed in float64, and exactly with --exact.",
                digits=Count(MAX_DIGITS),
            )
        )


_LARGE = 1e100
"""Floats below can be multiplied and added up as often as memory has room for."""


def _refuse_overflow(problem: Problem) -> None:
    """Refuse sums of floats that would overflow on the way to a result that does not."""
    floats = [array for array in problem.given.values() if array.dtype.kind == "f"]
    if all(np.abs(array).max(initial=0) < _LARGE for array in floats):
        return
    _ = problem.results  # where they overflow themselves, that is told
    sizes = replace(problem, given={name: abs(a) for name, a in problem.given.items()})
    try:
        _ = sizes.results
    except NumberError as error:
        error.fact = say("A sum on the way to this cell is too large for float64.")
        raise


def check_steps(
    problem: Problem, names: Sequence[str], selection: Selection, screen: Screen
) -> None:
    """Refuse steps that no result has, and say where there are fewer than were asked for."""
    _refuse_overflow(problem)
    last = max(len(problem.trace(name)) for name in names)
    if selection.first is not None and selection.first > last:
        raise UsageError(
            say("There is no such step."),
            found=say("step {first}", first=selection.first),
            expected=say("a step from 1 to {last}", last=last)
            if last > 1
            else say("step 1, the only one"),
        )
    if selection.first is not None and last < (selection.last or last):
        from ..core.text import Count
        from ..pictures.captions import LAST_STEP

        asked = f"{selection.first}-{selection.last}"
        screen.note(say(LAST_STEP, count=Count(last), steps=asked))


def show(
    problem: Problem,
    names: Sequence[str],
    selection: Selection,
    request: Request,
    screen: Screen,
) -> None:
    """Print the results in the format that is asked for."""
    if request.format == "table":
        from ..pictures.outline import outline
        from ..show.terminal.document import document

        told = outline(problem, names, selection, in_lines=True)
        blocks = document(told, screen.look)
        screen.show(piped(blocks, None, "lines", screen, lambda block: len(block.lines)))
    elif not request.quiet:
        from .output import lines, printed
        from .screen import emit

        asked = request.format, problem, names, selection
        pieces = piped(printed(*asked), lines(*asked), "lines", screen, lambda t: t.count("\n"))
        for text in pieces:
            if not emit(text):
                return
