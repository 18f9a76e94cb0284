"""The report in a real browser: the filter, and that nothing of a message acts."""

from dataclasses import replace
from itertools import cycle, islice
from time import perf_counter

import pytest

from cuishou.output import report
from cuishou.output.report.view import pieces
from cuishou.study import Study
from tests.browser import CHROMIUM, chromium
from tests.output import hostile

pytest.importorskip("playwright")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]

EACH = len(hostile.BODIES)


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    report.write(hostile.study(), path, "zh", hostile.MADE)
    return path.as_uri()


@pytest.fixture
def page(browser, address):
    """The page; at the end nothing was asked for but itself, and nothing was complained of."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(address)
    yield page
    assert {url.split("#")[0] for url in asked} == {address}
    assert said == []
    page.close()


#: Seconds on two busy cores; a report that does not answer in this time is of no use.
PATIENCE = 15


def test_twenty_thousand_messages_stay_usable(browser, tmp_path, record_property):
    made = hostile.study()
    findings = [replace(finding, number=n) for n, finding in enumerate(islice(cycle(made.case.findings), 20_000), 1)]
    path = tmp_path / "report.html"
    report.write(Study.of(replace(made.case, findings=findings), made.grounds), path, "zh", hostile.MADE)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_default_timeout(PATIENCE * 1000)
    begin = perf_counter()
    page.goto(path.as_uri())
    shown(page, 20_000)
    opened = perf_counter()
    page.get_by_label("施压催收").uncheck()
    page.wait_for_function("() => !document.getElementById('shown').textContent.startsWith('显示 20000 ')")
    answered = perf_counter()
    record_property("seconds to open", round(opened - begin, 1))
    record_property("seconds to answer", round(answered - opened, 1))
    assert opened - begin < PATIENCE
    assert answered - opened < PATIENCE
    page.close()


def visible(page, selector):
    return page.locator(f"{selector}:not([hidden])").count()


def shown(page, count):
    page.wait_for_function("want => document.getElementById('shown').textContent.includes(` ${want} /`)", arg=count)


def test_hostile_messages_show_as_text(page):
    assert page.title() == "催收短信分析报告"
    assert page.locator("img, iframe, h1").count() == 1
    for body in hostile.BODIES.values():
        text = "".join(piece.text for piece in pieces(body, None))
        found = page.evaluate("want => [...document.querySelectorAll('.body')].filter(e => e.textContent === want).length", text)
        assert found == 4, body


def test_reversed_text_stays_in_order(page):
    """The name of the character that would turn the text stands before what it would have turned."""
    card = page.locator(".card .body", has_text="U+202E").first
    assert card.inner_text() == "还款U+202Egpj.exeU+202C请点"


def test_page_is_no_wider_than_a_phone(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_filter_by_tag(page):
    shown(page, 4 * EACH)
    page.get_by_label("施压催收").uncheck()
    shown(page, 3 * EACH)
    assert visible(page, "#collection .card") == 0
    assert visible(page, "#grave .card") == EACH
    page.get_by_label("疑似违法").uncheck()
    shown(page, 2 * EACH)
    assert visible(page, "#grave .card") == 0
    page.get_by_role("button", name="清除").click()
    shown(page, 4 * EACH)


def test_filter_by_sender(page):
    options = page.locator("#filter select option")
    name = options.nth(1).inner_text()
    page.locator("#filter select").select_option(index=1)
    page.wait_for_function(f"() => document.querySelectorAll('#grave .card:not([hidden])').length < {EACH}")
    cards = page.locator("#grave .card:not([hidden]) .who b")
    assert {cards.nth(i).inner_text() for i in range(cards.count())} == {name}


def test_filter_by_date_and_text(page):
    page.get_by_label("从", exact=True).fill("2026-05-02")
    page.get_by_label("到", exact=True).fill("2026-05-02")
    page.wait_for_function("() => document.querySelectorAll('#appendix .row:not([hidden])').length < 10")
    days = page.eval_on_selector_all("#appendix .row:not([hidden])", "rows => rows.map(row => row.dataset.d)")
    assert set(days) == {"2026-05-02"}
    page.get_by_role("button", name="清除").click()
    page.get_by_label("文字").fill("HYPERLINK")
    shown(page, 4)


def test_link_to_a_message_opens_the_appendix(page):
    assert not page.locator("#appendix").get_attribute("open")
    page.locator(".card .n").first.click()
    page.wait_for_function("() => document.getElementById('appendix').open")


def test_without_script_everything_is_there(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("#filter").is_hidden()
    assert page.locator("#grave .card").count() == EACH
    context.close()


def test_paper_shows_everything(page):
    page.emulate_media(media="print")
    assert page.locator("#filter").is_hidden()
    assert page.locator("#appendix .row .body").last.is_visible()


def test_styles_follow_the_light(browser, address):
    colours = set()
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(address)
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert len(colours) == 2
