"""Worksheets: a problem with empty cells to be filled in by hand, and its key.

For the terminal as blocks; to print, and to hand out, as Markdown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import prod

from ...core.layouts import ordered
from ...core.notation import notation
from ...core.numbers import Array
from ...core.problem import Problem
from ...core.shapes import by
from ...core.text import message, say, series
from ...core.trace import Index
from ...core.widths import flush_left, flush_right, screen_width
from ...diagnosis.answer_matrix import UNFILLED
from ...pictures import outline as story
from ...pictures.selection import ALL, HANDOUT
from ...pictures.step_picture import plane_title
from ..terminal.display import Display
from ..terminal.document import given
from ..terminal.layout import Block, flow, indented, matrix, stacked, text, wrapped
from .markdown import escaped, rendered

TITLES = {
    "conv-forward": message("Convolution, forward"),
    "conv-backward": message("Convolution, backward"),
    "conv-transpose-forward": message("Transposed convolution, forward"),
    "conv-transpose-backward": message("Transposed convolution, backward"),
    "batch-norm-forward": message("Batch normalisation, forward"),
    "batch-norm-backward": message("Batch normalisation, backward"),
    "pool-forward max": message("Max pooling, forward"),
    "pool-backward max": message("Max pooling, backward"),
    "pool-forward average": message("Average pooling, forward"),
    "pool-backward average": message("Average pooling, backward"),
    "dense-forward": message("Fully connected layer, forward"),
    "dense-backward": message("Fully connected layer, backward"),
}
TITLE = message("{kind}: exercise {seed}")
VARIANT = message("{kind}: sheet {variant}")
NOTE = message("Made by: {command}")

INTERRUPTED = message(
    "Interrupted: {written} of {total} exercises were written. {folder} is not complete: run it"
    " again with --force, which writes over what is there."
)

NAME = message("Name: ______________________________")
GIVEN = message("What is given")
ASKED = message("What is asked")
HAND_IN = message("How to hand it in")
ONE = message("Work out {names} and fill in the empty cells.")
SEVERAL = message("Work out {names} and {last}, and fill in the empty cells.")
TEMPLATE = message(
    "Write your numbers into a file such as `answer.json`, each in place of a `_`; the quotes may"
    ' stay, and a fraction needs them: `"5/8"`. A `_` that is left counts as not filled in, and'
    " the rest is marked."
)
CHECK = message("With the file `problem.json`, you can check it yourself:")

FORMULAS = {
    "conv-forward": message(
        "Z = A_prev ∗ W + b: every window of A_prev times W, cell by cell, added up, plus the bias."
    ),
    "conv-backward": message(
        "dA_prev, dW and db are the derivatives of the loss with respect to A_prev, W"
        " and b, where Z = A_prev ∗ W + b; dZ is the one with respect to Z."
    ),
    "conv-transpose-forward": message(
        "Every cell of A_prev times W is added onto its window of Z; then b is added everywhere."
    ),
    "conv-transpose-backward": message(
        "dA_prev, dW and db are the derivatives of the loss with respect to A_prev, W and b, where"
        " every cell of A_prev times W is added onto its window of Z; dZ is the one with respect"
        " to Z."
    ),
    "batch-norm-forward": message(
        "mean and variance are those of all numbers of the batch (the sum of squares is divided by"
        " how many there are); x_hat = (A_prev − mean) / √(variance + {epsilon}) and"
        " A = gamma · x_hat + beta."
    ),
    "batch-norm-backward": message(
        "x_hat = (A_prev − mean) / √(variance + {epsilon}) and A = gamma · x_hat + beta, with the"
        " batch's own mean and variance; dZ is the derivative of the loss with respect to A, and"
        " dx_hat, dvariance, dmean, dA_prev, dgamma and dbeta are those with respect to the others."
    ),
    "pool-forward max": message("A holds the maximum of every window of A_prev."),
    "pool-forward average": message("A holds the average of every window of A_prev."),
    "pool-backward max": message(
        "dA_prev is the derivative of the loss with respect to A_prev; dZ is the"
        " one with respect to the maximum of every window."
    ),
    "pool-backward average": message(
        "dA_prev is the derivative of the loss with respect to A_prev; dZ is"
        " the one with respect to the average of every window."
    ),
    "dense-forward": message("Z = A_prev · Wᵀ + b."),
    "dense-backward": message(
        "dA_prev, dW and db are the derivatives of the loss with respect to A_prev, W"
        " and b, where Z = A_prev · Wᵀ + b; dZ is the one with respect to Z."
    ),
}
CONVENTIONS = {
    "rows": message("Each row of A_prev is a sample, and each row of W belongs to a unit."),
    "index": message("Rows and columns are counted from 0."),
    "no flip": message(
        "The kernel is not turned: its top left cell lies on the top left cell of a window."
    ),
    "zeros": message("The padding is a border of zeros; it is no part of A_prev, nor of dA_prev."),
    "cropped": message("The padding is cut off from Z at its edges."),
    "never maximum": message("The padding never is the maximum, and it is no part of dA_prev."),
    "counted": message("A window is divided by {cells}, also where it reaches into the padding."),
    "mean": message(
        "dW and db are divided by the number of samples, N = {samples}; dA_prev is not."
    ),
    "mean of gamma": message(
        "dgamma and dbeta are divided by the number of samples, N = {samples}; dA_prev is not."
    ),
    "sum of gamma": message("dgamma and dbeta are sums: nothing is divided by N."),
    "sum": message("dW and db are sums over the samples: nothing is divided by N."),
    "ties": message(
        "Where the maximum stands in a window twice, the first, row by row, gets the error."
    ),
    "ties last": message(
        "Where the maximum stands in a window twice, the last, row by row, gets the error."
    ),
    "ties all": message(
        "Where the maximum stands in a window twice, each of the two gets the whole error."
    ),
    "ties split": message(
        "Where the maximum stands in a window twice, the two share the error equally."
    ),
    "ties first-column": message(
        "Where the maximum stands in a window twice, the first, column by column, gets the error."
    ),
    "columns": message("Each row of A_prev is a sample, and each column of W belongs to a unit."),
    "flip": message(
        "The kernel is turned by 180°: its bottom right cell lies on the top left cell of a window."
    ),
    "present": message(
        "A window is divided by its cells of A_prev alone: the padding does not count."
    ),
    "channels last": message("Channels stand last: dA_prev[row, column, channel]."),
}
IN_COLUMNS = {
    "dense-forward": message("Z = A_prev · W + b."),
    "dense-backward": message(
        "dA_prev, dW and db are the derivatives of the loss with respect to A_prev, W"
        " and b, where Z = A_prev · W + b; dZ is the one with respect to Z."
    ),
}
"""The formulas where W has a column for each unit."""

KEY = message("Key: {title}")
MISTAKES = message("What common mistakes give")
MISTAKES_INTRODUCTION = message(
    "An answer that equals one of these exactly has the mistake that stands beside it."
)
MISTAKES_TOO_LARGE = message(
    "Too large to be listed is what comes out of: {shapes}. `cnngrad check` names those mistakes."
)
MISTAKE_COLUMNS = (message("result"), message("mistake"), message("what comes out"))
BLANK = "__"
SMALL = 25
"""Cells of a result up to which the key lists what comes out under mistakes."""


def title(problem: Problem, seed: int, variant: int | None = None) -> str:
    """The heading of an exercise."""
    # The seed of a class makes everybody's exercises, so that no sheet may tell it.
    words = TITLE if variant is None else VARIANT
    return say(words, kind=_kind(problem), seed=seed, variant=variant)


def note(command: str) -> str:
    """How an exercise was made."""
    return say(NOTE, command=command)


def _kind(problem: Problem) -> str:
    return say(TITLES[_key(problem)])


def _key(problem: Problem) -> str:
    return f"{problem.op} {problem.settings.get('mode', '')}".strip()


def conventions(problem: Problem) -> list[str]:
    """What has to be agreed on before the numbers can be worked out, in whole sentences."""
    keys = ["index"]
    in_columns = problem.settings.get("dense_layout") == "in-out"
    if problem.op.startswith("dense") and problem.ranks["A_prev"] > 1:
        keys.append("columns" if in_columns else "rows")
    if ordered(problem.ranks["A_prev"]).order:
        keys.append("channels last")
    rules_for, _, way = problem.op.rpartition("-")
    samples = problem.arrays["A_prev"].shape[0]
    average = problem.settings.get("mode") == "average"
    padded = _padded(problem)
    if rules_for == "conv":
        keys.append("flip" if problem.settings["flip"] else "no flip")
    if padded and rules_for == "conv":
        keys.append("zeros")
    elif padded and rules_for == "conv-transpose":
        keys.append("cropped")
    elif padded:
        counted = "counted" if problem.settings.get("count_include_pad", True) else "present"
        keys.append(counted if average else "never maximum")
    if way == "backward" and rules_for == "pool" and not average:
        ties = problem.settings["ties"]
        keys.append("ties" if ties == "first" else f"ties {ties}")
    if way == "backward" and rules_for != "pool" and samples > 1:
        batch = problem.settings["batch"]
        keys.append(f"{batch} of gamma" if rules_for == "batch-norm" else batch)
    cells = prod(problem.settings["window"]) if rules_for == "pool" else 0
    agreed = [say(CONVENTIONS[key], cells=cells, samples=samples) for key in keys]
    epsilon = problem.numerals(problem.settings.get("epsilon", 0), given=True)
    formulas = {**FORMULAS, **IN_COLUMNS} if in_columns else FORMULAS
    return [say(formulas[_key(problem)], epsilon=epsilon), *agreed]


def _padded(problem: Problem) -> bool:
    padding = problem.settings.get("padding", "valid")
    return padding != "valid" if isinstance(padding, str) else any(map(any, padding))


def task(problem: Problem) -> str:
    """What is asked, in one sentence."""
    *names, last = problem.names
    return say(SEVERAL, names=series(names), last=last) if names else say(ONE, names=last)


def empty(problem: Problem, names: Sequence[str] | None = None) -> Iterator[tuple[str, int, int]]:
    """The matrices to be filled in: title, rows, columns."""
    for name in problem.names if names is None else names:
        shape = problem.trace(name).shape
        if ordered(problem.ranks[name]).turned:
            shape = (*shape[:-2], shape[-1], shape[-2])
        if len(shape) < 3:
            yield name, shape[0] if len(shape) > 1 else 1, shape[-1]
            continue
        for leading in _places(shape[:-2]):
            yield plane_title(problem, name, leading), shape[-2], shape[-1]


def _places(shape: Index) -> Iterator[Index]:
    if not shape:
        yield ()
        return
    for i in range(shape[0]):
        for rest in _places(shape[1:]):
            yield (i, *rest)


# ---- in the terminal --------------------------------------------------------------------------


def worksheet(problem: Problem, look: Display) -> Iterator[Block]:
    """The sheet for the terminal."""
    width = look.width - 3
    yield from posed(problem, look)
    yield text("")
    yield indented(wrapped(task(problem), width, "heading"))
    yield text("")
    blanks = [
        matrix(name, [[BLANK] * columns] * rows, width=width, brackets=False)
        for name, rows, columns in empty(problem)
    ]
    yield stacked([indented(flow(blanks, width, gap=4)), text("")])


def posed(problem: Problem, look: Display) -> Iterator[Block]:
    """What is given, and what has to be agreed on."""
    width = look.width - 3
    yield Block([[(f" {problem.title} ", "banner")]])
    yield indented(wrapped(story.settings(problem), width, "faint"))
    yield text("")
    yield given(problem, look)
    yield indented(stacked(wrapped(words, width) for words in conventions(problem)))


# ---- as Markdown ------------------------------------------------------------------------------


def worksheet_markdown(problem: Problem) -> str:
    """The sheet to print: what is given, empty cells, and how to hand it in."""
    parts = [f"# {escaped(problem.title)}", say(NAME), f"## {say(GIVEN)}"]
    parts += filter(None, [story.settings(problem), _listed(conventions(problem))])
    parts += [table(m.title, m.written, m.rows, m.columns) for m in story.given(problem)]
    parts += [f"## {say(ASKED)}", task(problem)]
    parts += [
        table(name, [[""] * columns] * rows, range(rows), range(columns))
        for name, rows, columns in empty(problem)
    ]
    parts += [f"## {say(HAND_IN)}", say(TEMPLATE), f"```\n{template(problem)}```", say(CHECK)]
    parts += ["```\ncnngrad check problem.json answer.json --hide-solution\n```"]
    return "\n\n".join(parts) + "\n"


def template(problem: Problem) -> str:
    """An answer with a `_` in place of each number; it can be handed in as it is."""
    lines = [f'  "{name}": {_blank(problem.shapes[name], "  ")}' for name in problem.names]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _blank(shape: Index, indent: str) -> str:
    if len(shape) == 1:
        return "[" + ", ".join([f'"{UNFILLED}"'] * shape[0]) + "]"
    inner = ",\n".join(f"{indent}  {_blank(shape[1:], indent + '  ')}" for _ in range(shape[0]))
    return f"[\n{inner}\n{indent}]"


def key_markdown(problem: Problem, wrong: Iterable[tuple[str, str, Array]] = ()) -> str:
    """The key: every step and the results, and what common mistakes give.

    Parameters
    ----------
    problem
        The exercise.
    wrong
        For each mistake: the result, the mistake in a few words, and what comes out.
    """
    keyed = replace(problem, title=say(KEY, title=problem.title))
    solution = story.outline(keyed, problem.names, ALL, HANDOUT)
    parts = ["".join(rendered(solution)).rstrip("\n")]
    rows, large = [], {}
    for name, words, array in wrong:
        if array.ndim <= 2 and array.size <= SMALL:
            rows.append((name, words, _inline(array)))
        else:
            large[name] = by(array.shape)
    if rows or large:
        parts.append(f"## {say(MISTAKES)}")
    if rows:
        parts += [say(MISTAKES_INTRODUCTION), _rows([say(head) for head in MISTAKE_COLUMNS], rows)]
    if large:
        shapes = ", ".join(f"{name} ({shape})" for name, shape in large.items())
        parts.append(say(MISTAKES_TOO_LARGE, shapes=shapes))
    return "\n\n".join(parts) + "\n"


def table(
    name: str, cells: Sequence[Sequence[str]], rows: Iterable[int], columns: Iterable[int]
) -> str:
    """A matrix with the numbers of its rows and columns."""
    return _rows(
        (f"`{name}`", *map(str, columns)),
        [(f"**{i}**", *row) for i, row in zip(rows, cells, strict=True)],
        right=True,
    )


def _rows(header: Sequence[str], rows: Sequence[Sequence[str]], right: bool = False) -> str:
    widths = [max(map(screen_width, column)) for column in zip(header, *rows, strict=True)]
    widths = [max(width, 5 if right else 3) for width in widths]
    rule = [("-" * (w - 1) + ":") if right else "-" * w for w in widths]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(map(flush_right if right else flush_left, cells, widths)) + " |"

    return "\n".join([line(header), line(rule), *map(line, rows)])


def _listed(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {words}" for words in sentences)


def _inline(array: Array) -> str:
    """A small matrix in one line, as it can be given to the program: `1 2; 3 4`."""
    rows = array.reshape(-1, array.shape[-1]).tolist()
    write = notation(array.ravel().tolist()).write
    return "; ".join(" ".join(map(write, row)) for row in rows)
