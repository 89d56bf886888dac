"""The page: what it promises without a browser, and in a real one."""

import json
import re

import pytest
from browser import Browser, chromium
from conftest import SAMPLES

from cnngrad.files import read_problem
from cnngrad.layers import operation
from cnngrad.pictures.selection import ALL, Selection
from cnngrad.show.web import problem_page, shell

NASTY = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)> & \"'`"


def sample(name):
    return read_problem(str(SAMPLES / name / "problem.json"), None).problem()


def page_of(problem, selection=ALL):
    return problem_page(problem, problem.names, selection)


# ---- without a browser ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["convolution", "max_pooling", "average_pooling"])
def test_the_articles_pages_are_small_and_need_nothing_else(name):
    page = page_of(sample(name))
    assert len(page.encode()) < 200_000
    assert not re.search(r"(?:src|href|url)\s*[=(]", page)
    assert "http" not in page.replace("http-equiv", "")


def test_any_text_is_only_text():
    problem = operation("conv-backward").problem(
        {"A_prev": [[1, 2]], "W": [[3]], "dZ": [[4, 5]]}, {}, NASTY
    )
    page = page_of(problem)
    assert "<img" not in page
    assert "alert(1)</script>" not in page
    assert page.count("<script") == page.count("</script>") == 2
    assert "&lt;img src=x onerror=alert(2)&gt; &amp; &quot;&#x27;`" in page


def test_data_cannot_end_its_script():
    page = shell("t", "<p>b</p>", {"said": NASTY, "words": {}, "walks": []})
    data = re.search(r'id="data">(.*?)</script>', page)[1]
    assert json.loads(data)["said"] == NASTY


def test_a_page_without_data_has_no_script():
    page = shell("t", "<p>b</p>")
    assert "<script" not in page
    assert "script-src" not in page


def test_tables_and_controls_have_names():
    page = page_of(sample("convolution"))
    assert all("aria-label=" in table for table in re.findall(r"<table[^>]*>", page))
    assert all("aria-label=" in tag for tag in re.findall(r'<button[^>]*class="[^>]*>', page))
    assert 'aria-live="polite"' in page
    assert page.count("<h1>") == 1


def test_the_look_is_pinned(golden):
    page = page_of(sample("convolution"))
    page = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", page, flags=re.S)
    page = re.sub(r"sha256-[^']*|cnngrad \d[\w.]*", "", page)
    golden("convolution.html", page.replace("><", ">\n<"))


def test_a_page_with_one_step_or_none():
    problem = sample("convolution")
    assert page_of(problem, Selection(2, 2, sensible=False)).count("data-number") == 2
    assert page_of(problem, Selection(None, None, sensible=False)).count("data-number") == 0


# ---- in a browser ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    path = chromium()
    if path is None:
        pytest.skip("there is no Chromium here to test the page in")
    with Browser(path, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def opened(browser, tmp_path):
    """Open a problem's page; afterwards, nothing may have gone wrong in it."""
    browser.complaints.clear()
    browser.requests.clear()

    def open_page(problem, width=1100):
        file = tmp_path / "page <b>.html"
        page = problem if isinstance(problem, str) else page_of(problem)
        file.write_text(page, encoding="utf-8")
        browser.size(width, 900)
        browser.prefer("light")
        browser.open(file)
        return browser

    yield open_page
    browser.run("1")
    assert browser.complaints == []
    assert [url for url in browser.requests if not url.startswith("file:")] == []


STEP = "[...document.querySelectorAll('.step')].filter(step => step.offsetParent)"


def visible(browser):
    """The heading of the step on the screen."""
    assert browser.run(f"{STEP}.length") == 1
    return browser.run(f"{STEP}[0].querySelector('.count').innerText")


def grid(browser, title):
    text = f"{STEP}[0].querySelector('table[aria-label=\"{title}\"]').innerText"
    return [
        [int(cell.replace("−", "-")) for cell in row.split()]
        for row in browser.run(text).strip().split("\n")
    ]


def cell(name, row, column):
    table = f"{STEP}[0].querySelector('table[data-name={name}]')"
    return f"{table}.tBodies[0].rows[{row}].cells[{column}]"


def formula(browser):
    lines = "[...document.querySelectorAll('.formula .line')].map(l => l.innerText.split(/\\s+/))"
    return [" ".join(line) for line in browser.run(lines)]


def test_the_keys_walk_the_steps(opened):
    browser = opened(sample("convolution"))
    assert visible(browser) == "Step 1 of 4"
    assert grid(browser, "dA_prev") == [[0, -1, 0], [-2, -3, 0], [0, 0, 0]]
    browser.press("ArrowRight")
    assert visible(browser) == "Step 2 of 4"
    assert grid(browser, "dA_prev") == [[0, -1, -2], [-2, -7, -6], [0, 0, 0]]
    browser.press("ArrowLeft")
    browser.press("ArrowLeft")
    assert visible(browser) == "Step 1 of 4"
    browser.press("End")
    assert visible(browser) == "dA_prev, finished"
    browser.press("ArrowRight")
    assert visible(browser) == "dA_prev, finished"
    browser.press("Home")
    assert visible(browser) == "Step 1 of 4"
    browser.press("2")
    assert grid(browser, "dW") == [[0, -1], [-3, -4]]
    browser.press("3")
    assert visible(browser) == "db, finished"
    browser.press("2")
    assert visible(browser) == "Step 1 of 4"


def test_the_step_is_spoken(opened):
    browser = opened(sample("convolution"))
    browser.press("ArrowRight")
    spoken = browser.run("document.querySelector('[aria-live]').innerText")
    assert spoken.startswith("Step 2 of 4 dZ[0,1] = −2. Multiply the kernel by −2")


def test_the_slider_and_the_buttons(opened):
    browser = opened(sample("convolution"))
    slider = "document.querySelector('input[type=range]')"
    assert (browser.run(f"{slider}.min"), browser.run(f"{slider}.max")) == ("0", "4")
    browser.run(f"{slider}.value = 2; {slider}.dispatchEvent(new Event('input'))")
    assert visible(browser) == "Step 3 of 4"
    assert browser.run(f"{slider}.getAttribute('aria-valuetext')") == "Step 3 of 4"
    browser.run(f"{slider}.focus()")
    browser.press("ArrowRight")
    assert visible(browser) == "Step 4 of 4"
    for button, heading in [
        ("back", "Step 3 of 4"),
        ("start", "Step 1 of 4"),
        ("forward", "Step 2 of 4"),
        ("end", "dA_prev, finished"),
    ]:
        browser.run(f"document.querySelector('.buttons .{button}').click()")
        assert visible(browser) == heading
    assert browser.run("document.querySelector('.buttons .end').disabled") is True


def test_play_walks_by_itself_and_stops(opened):
    browser = opened(sample("convolution"))
    # Time is handed out here, so that the test does not wait.
    browser.run("window.setInterval = tick => (window.tick = tick, 1)")
    browser.press(" ")
    assert browser.run("document.querySelector('.play').getAttribute('aria-label')") == "Pause"
    for heading in ["Step 2 of 4", "Step 3 of 4", "Step 4 of 4", "dA_prev, finished"]:
        browser.run("window.tick()")
        assert visible(browser) == heading
    assert browser.run("document.querySelector('.play').getAttribute('aria-label')") == "Play"


def test_space_still_folds_what_is_given(opened):
    browser = opened(sample("convolution"))
    browser.run("document.querySelector('summary').focus()")
    browser.press(" ")
    assert browser.run("document.querySelector('details').open") is False
    assert browser.run("document.querySelector('.play').getAttribute('aria-label')") == "Play"


def test_pointing_at_a_cell_shows_its_terms(opened):
    browser = opened(sample("convolution"))
    browser.press("End")
    browser.hover(cell("dA_prev", 1, 1))
    assert formula(browser) == [
        "dA_prev[1,1] = dZ[0,0]·W[1,1] + dZ[0,1]·W[1,0] + dZ[1,0]·W[0,1] + dZ[1,1]·W[0,0]",
        "= −1·3 + −2·2 + −3·1 + −4·0",
        "= −3 → −7 → −10 → −10",
    ]
    given = "[...document.querySelectorAll('.given .feeds')].map(c => c.innerText)"
    assert browser.run(given) == ["0", "1", "2", "3", "−1", "−2", "−3", "−4"]
    browser.press("Home")
    browser.press("ArrowRight")
    browser.hover(cell("dA_prev", 1, 1))
    assert formula(browser)[2] == "= −3 → −7 so far"
    lit = "[...document.querySelectorAll('.step:not([hidden]) .feeds:not(.later)')]"
    assert browser.run(f"{lit}.filter(c => c.offsetParent).map(c => c.innerText)") == [
        "2",
        "3",
        "−1",
        "−2",
    ]
    browser.press("ArrowRight")
    assert formula(browser)[2] == "= −3 → −7 → −10 so far"


def test_a_formula_of_the_batch_ends_with_the_division(opened):
    browser = opened(sample("batch"))
    browser.press("2")
    browser.press("End")
    browser.hover(cell("dW", 0, 0))
    problem = sample("batch")
    n = problem.arrays["A_prev"].shape[0]
    value = str(problem.results["dW"].flat[0]).replace("-", "−")
    assert formula(browser)[2].endswith(f"/ {n} = {value}")


def test_a_cell_can_be_reached_by_keys(opened):
    browser = opened(sample("max_pooling"))
    browser.run(f"{cell('dA_prev', 0, 0)}.focus()")
    browser.press("ArrowDown")
    browser.press("ArrowRight")
    assert formula(browser)[0] == "dA_prev[1,1] = dZ[0,0]"
    browser.press("ArrowLeft")
    said = browser.run("document.querySelector('.formula').innerText")
    assert said == "dA_prev[1,0] = 0: nothing is added to it."
    assert visible(browser) == "Step 1 of 4"


def test_the_numbers_on_screen_are_those_of_the_json(opened, cnngrad):
    for name in ["convolution", "stride_padding", "max_overlap_tie"]:
        problem = sample(name)
        run = cnngrad(problem.op, SAMPLES / name / "problem.json", "--format", "json")
        browser = opened(problem)
        for k, (result, numbers) in enumerate(json.loads(run.out)["results"].items()):
            browser.press(str(k + 1))
            browser.press("End")
            shown = grid(browser, result)
            assert shown == (numbers if isinstance(numbers[0], list) else [numbers])


def test_nothing_sticks_out_of_a_phone(opened):
    for name in ["convolution", "channels", "average_padded"]:
        browser = opened(sample(name), width=400)
        page = "document.documentElement"
        assert browser.run(f"{page}.scrollWidth") <= browser.run(f"{page}.clientWidth") <= 400


def test_paper_holds_every_step(opened):
    browser = opened(sample("convolution"))
    browser.call("Emulation.setEmulatedMedia", media="print")
    assert browser.run(f"{STEP}.length") == 11
    assert not browser.run("document.querySelector('.controls').offsetParent")
    browser.call("Emulation.setEmulatedMedia", media="")
    assert browser.pdf().startswith(b"%PDF")


def test_no_digit_is_ever_faded(opened):
    """Not even in a picture that is taken while a step comes into sight."""
    browser = opened(sample("convolution"))
    cells = "[...document.querySelectorAll('td')]"
    for media in ("screen", "print"):
        browser.call("Emulation.setEmulatedMedia", media=media)
        browser.press("ArrowRight")
        assert browser.run(f"{cells}.every(cell => getComputedStyle(cell).opacity === '1')")
    browser.call("Emulation.setEmulatedMedia", media="")


def test_a_nasty_title_does_nothing(opened):
    given = {"A_prev": [[1, 2]], "W": [[3]], "dZ": [[4, 5]]}
    browser = opened(operation("conv-backward").problem(given, {}, NASTY))
    assert browser.run("document.querySelector('h1').textContent") == NASTY
    assert browser.run("document.title") == f"{NASTY} · cnngrad"


def test_a_network_has_its_layers_at_the_side(opened, cnngrad, tmp_path):
    network = SAMPLES / "network_batch" / "network_batch.json"
    file = tmp_path / "network.html"
    run = cnngrad("network-backward", network, "--quiet", "--output", file)
    assert run.code == 0, run.err
    run = cnngrad("network-backward", network, "--format", "json")
    layers = json.loads(run.out)["layers"]
    browser = opened(file.read_text(encoding="utf-8"))
    tabs = "[...document.querySelectorAll('.list [role=tab]')]"
    names = [layer["name"] for layer in layers]
    assert browser.run(f"{tabs}.map(tab => tab.firstChild.innerText)") == ["The network", *names]
    browser.run(f"{tabs}[0].focus()")
    for layer in layers:
        browser.press("ArrowDown")
        heads = "[...document.querySelectorAll('.layer-name')].filter(h => h.offsetParent)"
        assert browser.run(f"{heads}.map(h => h.innerText)") == [layer["name"]]
        for k, (name, numbers) in enumerate(layer["results"].items()):
            browser.press(str(k + 1))
            browser.press("End")
            cells = f"{STEP}[0].querySelectorAll('table[data-name={name}] td')"
            shown = browser.run(f"[...{cells}].map(cell => cell.innerText)")
            expected = flat(numbers)
            assert len(shown) == len(expected)
            for text, value in zip(shown, expected, strict=True):
                assert float(text.replace("−", "-")) == pytest.approx(value, rel=1e-3, abs=2e-6)


def flat(nested):
    return [x for part in nested for x in flat(part)] if isinstance(nested, list) else [nested]


def test_one_layer_of_a_network_has_every_face(cnngrad, tmp_path):
    network = SAMPLES / "lenet_toy" / "lenet_toy.json"
    files = [tmp_path / f"conv2{ending}" for ending in (".html", ".svg", ".md", ".tex")]
    outputs = [part for file in files for part in ("--output", file)]
    run = cnngrad("network-backward", network, "--layer", "conv2", "--quiet", *outputs)
    assert run.code == 0, run.err
    assert all("conv2" in file.read_text(encoding="utf-8") for file in (files[0], *files[2:]))
    run = cnngrad("network-backward", network, "--output", tmp_path / "all.svg")
    assert run.code == 2
    assert "--layer NAME" in run.err


def test_all_text_can_be_read_in_light_and_dark(opened):
    browser = opened(sample("max_pooling"))
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        parts = (
            "[...document.querySelectorAll('td, .chip, p, h1')].map(part => getComputedStyle(part))"
        )
        paper = browser.run("getComputedStyle(document.body).backgroundColor")
        pairs = browser.run(f"{parts}.map(style => [style.color, style.backgroundColor])")
        assert min(contrast(ink, ground, paper) for ink, ground in pairs) >= 4.5


def contrast(ink, ground, paper):
    """The ratio that WCAG asks to be 4.5 at least."""
    if ground.startswith("rgba(0, 0, 0, 0"):
        ground = paper
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
