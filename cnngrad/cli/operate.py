"""What all operation commands do: put the problem together, compute, show, write."""

from collections.abc import Mapping, Sequence

from ..errors import CnngradError, ExitCode, FileError, UsageError, nearest
from ..exact import Array
from ..files import ProblemFile, read_array, read_problem
from ..ops import operation
from ..problem import Problem
from ..views.story import ALL, NONE, Selection
from .request import Request
from .screen import Screen


def operate(
    op: str,
    problem_file: str | None,
    matrices: Mapping[str, str | None],
    settings: Mapping[str, object],
    request: Request,
) -> ExitCode:
    """Run one operation from the command line.

    Parameters
    ----------
    op
        The operation, such as `conv-backward`.
    problem_file
        The argument, if given.
    matrices
        By the option's name (`input`), what stands behind it.
    settings
        By name; None where the option is not given.
    request
        What to show and to write.
    """
    selection = read_steps(request.steps)
    if request.output:
        from .output import check_targets

        check_targets(request.output, request.force)
    problem = assemble(op, problem_file, matrices, settings).computed(request.exact)
    names = chosen(problem, request.gradient)
    screen = Screen(request.no_color, request.quiet)
    if request.check is not None:
        return _checked(problem, request.check, request, screen)
    show(problem, names, selection, request, screen)
    if request.output:
        from .output import write, written

        for path in request.output:
            write(path, problem, names, selection)
            screen.note(written(path, problem, names, selection))
    return ExitCode.DONE


def _checked(problem: Problem, answer: str, request: Request, screen: Screen) -> ExitCode:
    """Mark an answer instead of showing the solution."""
    from ..homework.report import FULL
    from .check import judge

    if request.format not in ("table", "json") or request.output:
        raise UsageError(
            "--check prints a verdict.", expected="--format table or json, and no --output"
        )
    wanted = request.gradient or ()
    if len(wanted) > 1:
        raise UsageError("--check takes one --gradient, or none for all that is handed in.")
    return judge(
        problem,
        answer,
        wanted[0] if wanted else None,
        format=request.format,
        level=FULL,
        exact=request.exact,
        screen=screen,
    )


def assemble(
    op: str,
    problem_file: str | ProblemFile | None,
    matrices: Mapping[str, str | None],
    settings: Mapping[str, object],
) -> Problem:
    """The problem that file, read or not, and options pose together; options beat the file."""
    known = operation(op)
    read = read_problem(problem_file, op) if isinstance(problem_file, str) else problem_file
    given: dict[str, Array] = dict(read.given) if read else {}
    if [text for text in matrices.values() if text is not None and text.strip() == "-"][1:]:
        raise UsageError(
            "Standard input can give one matrix.", mend="give the others as files or numbers"
        )
    for operand in known.operands:
        text = matrices.get(operand.key)
        if text is not None:
            names = (operand.name, operand.key)
            given[operand.name] = read_array(text, f"--{operand.key}", names)
    asked = {name: value for name, value in settings.items() if value is not None}
    merged = ProblemFile(
        op, given, {**(read.settings if read else {}), **asked}, read.title if read else "", ""
    )
    missing = [o for o in known.operands if not o.optional and o.name not in given]
    if missing and read:
        keys = " and ".join(f'"{operand.key}"' for operand in missing)
        raise FileError(
            f"The problem file lacks {' and '.join(operand.name for operand in missing)}.",
            where=read.name,
            expected=f"the key {keys}",
            mend="or give " + " and ".join(f"--{operand.key}" for operand in missing),
        )
    if missing:
        options = " and ".join(f"--{operand.key}" for operand in missing)
        raise UsageError(
            f"{op} needs {' and '.join(operand.name for operand in missing)}.",
            expected=f"{options}, or a problem file",
            mend=f"cnngrad {op} --help shows an example",
        )
    try:
        return merged.problem()
    except CnngradError as error:
        raise (error.at(read.name) if read and not error.where else error) from None


def chosen(problem: Problem, gradient: Sequence[str] | None) -> tuple[str, ...]:
    """The results that are wanted, in the order in which they are shown."""
    for name in gradient or ():
        if name not in problem.names:
            raise UsageError(
                f"{problem.op} has no result {name}.",
                expected=", ".join(problem.names),
                mend=nearest(name, problem.names),
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
        "--steps is not understood.",
        found=steps,
        expected="all, none, the number of a step such as 3, or a range such as 3-7",
    )


def show(
    problem: Problem,
    names: Sequence[str],
    selection: Selection,
    request: Request,
    screen: Screen,
) -> None:
    """Print the results in the format that is asked for."""
    if request.format == "table":
        from ..views.document import document

        screen.show(document(problem, names, selection, screen.look))
    elif not request.quiet:
        from .output import printed
        from .screen import emit

        for text in printed(request.format, problem, names, selection):
            emit(text)
