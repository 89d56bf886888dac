"""Conventions of frameworks as an outline: a table for a group of questions, a row a framework."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..core.convention_limits import faults_of, limits_of
from ..core.conventions import ARTICLE, PROFILES, REQUIRED, Profile
from ..core.text import message, say
from ..pictures.blocks import (
    Heading,
    HeadingLevel,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Table,
    Title,
)
from . import operation
from .comparison import Comparison


class Topic(NamedTuple):
    """A question on which frameworks differ."""

    name: str
    setting: str
    kinds: tuple[str, ...]
    """The kinds of layer that it is asked of, the narrowest name first."""
    usual: Any
    """The article's value."""
    words: Mapping[Any, str] = {}
    """What a value is called, where it does not speak for itself."""

    def answer(self, known: Profile) -> str:
        """What a framework says to it."""
        value = known.value(self.setting, self.kinds, self.usual)
        if value == REQUIRED:
            return say("required")
        if value in self.words:
            return say(self.words[value])
        if isinstance(value, bool):
            return say("yes") if value else say("no")
        return str(value)

    def source(self, known: Profile) -> str:
        """The call in which that was seen; "" where it is the article's value."""
        for key in (*(f"{kind}.{self.setting}" for kind in self.kinds), self.setting):
            if key in known.values:
                return known.values[key].source
        return ""


_MAX, _AVERAGE = ("max-pool", "pool"), ("average-pool", "pool")
_WINDOW = {None: message("the window")}
_REDUCTIONS = {None: message("samples")}
_SLOPE = {None: message("its slope")}

GROUPS: Mapping[str, tuple[Topic, ...]] = {
    message("Layouts"): (
        Topic(message("images"), "layout", (), "nchw"),
        Topic(message("kernel"), "kernel_layout", (), "oihw"),
        Topic(message("dense W"), "dense_layout", (), "out-in"),
        Topic(message("kernel turned"), "flip", (), False),
    ),
    message("Windows"): (
        Topic(message("conv stride"), "stride", ("conv",), 1),
        Topic(message("conv padding"), "padding", ("conv",), 0),
        Topic(message("pool stride"), "stride", ("pool",), None, _WINDOW),
        Topic(message("pool padding"), "padding", ("pool",), 0),
    ),
    message("Ties and padding in pooling"): (
        Topic(message("error of a tie to"), "ties", _MAX, "first"),
        Topic(message("average counts padding"), "count_include_pad", _AVERAGE, True),
    ),
    message("Pooling where the stride does not divide the size"): (
        Topic(message("max ceils"), "ceil_mode", _MAX, False),
        Topic(message("average ceils"), "ceil_mode", _AVERAGE, False),
        Topic(message("window in padding"), "ceil_rule", ("pool",), "drop"),
        Topic(message("overhang"), "overhang", _AVERAGE, "not"),
    ),
    message("Batches and losses"): (
        Topic(message("conv dW, db"), "batch", ("conv",), "mean"),
        Topic(message("dense dW, db"), "batch", ("dense",), "mean"),
        Topic(message("network"), "batch", ("network",), "mean"),
        Topic(message("loss is mean over"), "reduction", ("network",), None, _REDUCTIONS),
    ),
    message("Corners"): (
        Topic(message("relu'(0)"), "corner_slope", ("relu",), 0),
        Topic(message("leaky'(0)"), "corner_slope", ("leaky-relu",), None, _SLOPE),
        Topic(message("leaky slope"), "slope", ("leaky-relu",), None, {None: "0.01"}),
    ),
}
"""What is asked, by what it is about."""


class Example(NamedTuple):
    """The smallest problem on which frameworks differ about a setting."""

    op: str
    given: Mapping[str, Any]
    settings: Mapping[str, Any] = {}
    words: str = ""


_ONES = [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
_CEIL = {"window": 2, "stride": 2, "padding": 1, "mode": "average", "ceil_mode": True}
EXAMPLES: Mapping[tuple[str, str], Example] = {
    ("flip", ""): Example(
        "conv-forward",
        {"A_prev": [[1, 0], [0, 0]], "W": [[1, 2], [3, 4]]},
        {"stride": 1, "padding": 0},
        message("The kernel 1 2; 3 4 on the image 1 0; 0 0."),
    ),
    ("padding", "conv"): Example(
        "conv-forward",
        {"A_prev": [[1, 1], [1, 1]], "W": [[1, 2], [3, 4]]},
        {"stride": 1},
        message("The kernel 1 2; 3 4 on an image of 2×2 ones, and no padding said."),
    ),
    ("stride", "pool"): Example(
        "pool-forward",
        {"A_prev": [[1, 2, 3, 4]]},
        {"window": (1, 2), "padding": 0},
        message("The maximum of 1 2 3 4 by a window of 1×2, and no stride said."),
    ),
    ("ties", "max-pool"): Example(
        "pool-backward",
        {"A_prev": [[1, 5], [5, 2]], "dZ": [[4]]},
        {"window": 2, "stride": 2, "padding": 0},
        message("The error 4 at the maximum of 1 5; 5 2."),
    ),
    ("count_include_pad", "average-pool"): Example(
        "pool-forward",
        {"A_prev": [[1]]},
        {"window": 2, "stride": 2, "padding": ((1, 0), (1, 0)), "mode": "average"},
        message("The average of one 1 in a window of 2×2 of which three cells are padding."),
    ),
    ("ceil_mode", "max-pool"): Example(
        "pool-forward",
        {"A_prev": [[1, 2, 3]]},
        {"window": (1, 2), "stride": 2, "padding": 0},
        message("The maximum of 1 2 3 by a window of 1×2 with stride 2."),
    ),
    ("ceil_rule", "pool"): Example(
        "pool-forward",
        {"A_prev": _ONES},
        {**_CEIL, "count_include_pad": True},
        message("The average of 3×3 ones, window 2, stride 2, padding 1, rounded up."),
    ),
    ("overhang", "average-pool"): Example(
        "pool-forward",
        {"A_prev": [[1, 1], [1, 1]]},
        {**_CEIL, "window": 3, "count_include_pad": True},
        message("The average of 2×2 ones, window 3, stride 2, padding 1, rounded up."),
    ),
    ("batch", "conv"): Example(
        "conv-backward",
        {"A_prev": [[[[1]]], [[[1]]]], "W": [[1]], "dZ": [[[[2]]], [[[4]]]]},
        {"stride": 1, "padding": 0},
        message("The errors 2 and 4 of two samples of one cell, 1."),
    ),
    ("batch", "dense"): Example(
        "dense-backward",
        {"A_prev": [[1], [1]], "W": [[1]], "dZ": [[2], [4]]},
        {},
        message("The errors 2 and 4 of two samples of one number, 1."),
    ),
}
"""By setting, and by the narrowest kind of layer that it is asked of."""


def profiles_outline(names: Sequence[str] = ()) -> Iterator[OutlineBlock]:
    """What each framework does, in tables; of some side by side, where they differ first.

    Parameters
    ----------
    names
        Profiles; all unless given.
    """
    yield Title("conventions", say("Conventions of frameworks"), "")
    if len(names) > 1:
        yield from _side_by_side(names)
    else:
        yield from _tables([*PROFILES] if not names else [ARTICLE, *names])
    yield from _departures(names or PROFILES)


def called(name: str) -> str:
    """A profile as its framework is called, with the version that was seen."""
    known = PROFILES[name]
    return known.title if name == ARTICLE else f"{known.title} {known.version}"


def differing(names: Sequence[str]) -> list[Topic]:
    """The questions to which these profiles have different answers."""
    return [
        topic
        for topics in GROUPS.values()
        for topic in topics
        if len({topic.answer(PROFILES[name]) for name in names}) > 1
    ]


def _tables(names: Sequence[str]) -> Iterator[OutlineBlock]:
    for group, topics in GROUPS.items():
        yield Heading(HeadingLevel.PART, say(group))
        head = [say("--like"), *(say(topic.name) for topic in topics)]
        rows = [[name, *(topic.answer(PROFILES[name]) for topic in topics)] for name in names]
        usual = rows[0][1:]
        marked = {
            (i, j + 1)
            for i, row in enumerate(rows)
            for j, word in enumerate(row[1:])
            if word != usual[j]
        }
        yield Table(head, rows, frozenset(marked))


def _side_by_side(names: Sequence[str]) -> Iterator[OutlineBlock]:
    different = differing(names)
    same = [t for topics in GROUPS.values() for t in topics if t not in different]
    yield Paragraph(", ".join(f"{name}: {called(name)}" for name in names))
    yield Heading(HeadingLevel.PART, say("Where they differ"))
    if different:
        rows = _rows(different, names)
        lit = {(i, j) for i in range(len(rows)) for j in range(1, len(names) + 1)}
        yield Table(["", *names], rows, frozenset(lit))
    else:
        yield Paragraph(say("They agree in all that is listed here."))
    yield Heading(HeadingLevel.PART, say("Where they agree"))
    yield Table(["", say("all of them")], _rows(same, names[:1]))
    for topic in different:
        yield from _example(topic, names)


def _rows(topics: Iterable[Topic], names: Sequence[str]) -> list[list[str]]:
    return [[say(t.name), *(t.answer(PROFILES[name]) for name in names)] for t in topics]


def _example(topic: Topic, names: Sequence[str]) -> Iterator[OutlineBlock]:
    """The smallest problem on which the answers make a difference."""
    example = EXAMPLES.get((topic.setting, topic.kinds[0] if topic.kinds else ""))
    if example is None:
        return
    base = operation(example.op).problem(example.given, example.settings)
    found = Comparison(base, example.settings, names)
    yield Heading(HeadingLevel.PART, say("For instance: {topic}", topic=say(topic.name)))
    yield Paragraph(say(example.words))
    yield Matrices(list(found.matrices(base.names[-1 if len(base.names) < 3 else 1])))
    for name, error in found.refused.items():
        why = str(error).splitlines()[0]
        yield Note(say("{title}: {why}", title=PROFILES[name].title, why=why))


def _departures(names: Iterable[str]) -> Iterator[OutlineBlock]:
    """What frameworks refuse, and the faults that a profile does not imitate."""
    refused = {name: limits_of(PROFILES[name]) for name in names if PROFILES[name].limits}
    if refused:
        yield Heading(HeadingLevel.PART, say("What is refused, as the framework does"))
        yield Sums([words for told in refused.values() for words in told])
    faults = {name: faults_of(PROFILES[name]) for name in names if PROFILES[name].faults}
    if faults:
        yield Heading(HeadingLevel.PART, say("Faults that are told and not imitated"))
    for name, told in faults.items():
        yield Paragraph(called(name))
        yield Sums(told)
    yield Note(say("Every value was seen by running the version that stands here."), closing=True)


def sources_outline() -> Iterator[OutlineBlock]:
    """Each value that differs from the article's, with the version and the call that shows it."""
    yield Heading(HeadingLevel.PART, say("Where each value was seen"))
    rows = [
        [called(name), say(topic.name), topic.answer(known), topic.source(known)]
        for name, known in PROFILES.items()
        for topics in GROUPS.values()
        for topic in topics
        if topic.source(known)
    ]
    yield Table([say("framework"), say("question"), say("answer"), say("seen in")], rows)
