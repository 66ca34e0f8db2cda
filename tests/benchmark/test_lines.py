"""A line of the table says what was measured, and no bar holds of what could not be."""

from samokov_portal.benchmark.__main__ import failed
from samokov_portal.benchmark.driving import Load, NotServed
from samokov_portal.benchmark.lines import Result
from samokov_portal.benchmark.pages import Page, anonymous

FLOOR = Load(rate=1000.0, p50=8.0, p95=10.0, p99=12.0, requests=5000)


def test_a_line_says_its_ratio_and_whether_its_bar_holds() -> None:
    line = Result("filing", "ms", 12.0, 10.0, "без пазачи", "<= 1.3 times", holds=True, more={"p95": 14})

    assert line.ratio == 1.2
    assert line.as_json()["ratio"] == 1.2
    assert "1.20" in str(line)
    assert "holds" in str(line)
    assert "FAILS" in str(Result("filing", "ms", 14.0, 10.0, "без пазачи", "<= 1.3 times", holds=False))


def test_a_page_holds_its_bar_by_requests_and_by_time() -> None:
    page = Page("home", anonymous("/"), least=0.8, times=2, within=60)

    assert page._bar() == ">= 0.8, p95 <= 2 x, p95 <= 60 ms"
    assert page._holds(Load(800.0, 9, 20, 30, 4000), FLOOR)
    assert not page._holds(Load(799.0, 9, 20, 30, 4000), FLOOR)
    assert not page._holds(Load(800.0, 9, 20.1, 30, 4000), FLOOR)
    assert not page._holds(Load(800.0, 9, 61, 70, 4000), Load(1000.0, 8, 50, 60, 5000))


def test_what_could_not_be_measured_says_why_and_holds_nothing() -> None:
    result = failed(Page("home", anonymous("/")), NotServed("/ is answered\n by 500"))

    assert not result.holds
    assert result.ratio == 0
    assert "/ is answered by 500" in str(result)
