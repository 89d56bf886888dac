"""Markdown: pinned, and safe against what a title may hold."""

from conftest import SAMPLES
from faces import written

from cnngrad.files import read_problem
from cnngrad.layers import operation
from cnngrad.pictures.selection import ALL, Selection


def sample(name):
    return read_problem(str(SAMPLES / name / "problem.json"), None).problem()


def test_the_article(golden):
    problem = sample("convolution")
    golden("convolution.md", written(".md", problem, problem.names, ALL))


def test_a_window_is_slanted_and_its_maximum_bold(golden):
    problem = sample("max_overlap_tie")
    golden("max_overlap_tie.md", written(".md", problem, problem.names, ALL))


def test_every_table_is_one():
    for name in ("channels", "batch", "average_padded", "dilation"):
        problem = sample(name)
        blocks = written(".md", problem, problem.names, ALL).split("\n\n")
        tables = [block.split("\n") for block in blocks if block.startswith("|")]
        assert tables
        for rows in tables:
            assert len({row.count("|") for row in rows}) == 1
            assert set(rows[1]) <= set("|-: ")


def test_a_large_matrix_says_which_part_is_shown():
    numbers = [[k % 5 for k in range(20)] for _ in range(20)]
    problem = operation("conv-forward").problem({"A_prev": numbers, "W": [[1, 2]]}, {})
    text = written(".md", problem, ["Z"], Selection(25, 25, sensible=False))
    assert "A_prev (rows 0–2, columns 4–7)" in text


def test_any_title_is_only_text():
    title = "<script>*b* | [x](y) `c`\n# not a heading"
    given = {"A_prev": [[1, 2]], "W": [[3]], "dZ": [[4, 5]]}
    problem = operation("conv-backward").problem(given, {}, title)
    first = written(".md", problem, problem.names, ALL).split("\n")[0]
    assert first == r"# \<script\>\*b\* \| \[x\]\(y\) \`c\` \# not a heading"
