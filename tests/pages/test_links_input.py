"""Every page opens with any link, and warns about invalid values."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.config.links import LINK_NAMES
from core.runs.store import SHOWN_FIRST
from tests.pages.conftest import PAGES, TABS, VIEWS
from tests.pages.shown import sentences, texts

RULES = {view.tab or view.address: view.rules for view in VIEWS}
NAMES = sorted({name for rules in RULES.values() for name in rules})
IDS = ("cnn-16-36-5k", "mlp-512", "handwriting", SHOWN_FIRST)

VALUES = (
    st.sampled_from(
        [*IDS, *TABS, ",".join(IDS), ",".join([IDS[0]] * 40), "best", "last", "none", "auto", "0", "-1", "27"]
    )
    | st.sampled_from(["true", "1e9", "9" * 400, "nan", "inf", "1.5", "", ",", "../..", "%00", "\0", "x" * 5_000])
    | st.sampled_from(
        sorted({word for view in VIEWS for rule in view.rules.values() for word in getattr(rule, "options", ())})
    )
    | st.integers(-2, 30).map(str)
    | st.text(max_size=12)
)


def names_of(page):
    """The page's parameters, and some unknown ones."""
    own = [*RULES.get(page, (*sorted(LINK_NAMES), "run"))]
    return st.sampled_from(own) | st.sampled_from([*NAMES, "tab", "embed", "x"])


@pytest.mark.parametrize("page", PAGES)
def test_any_link_opens_its_page(app, make_run, page, times):
    make_run("finished", errors={0: 90, 3: 10})

    @settings(max_examples=times(10, 100), suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(names_of(page), VALUES, max_size=6))
    def check(params):
        test = app(page, **params)
        assert texts(test)
        # one alert says whatever of the link cannot be shown
        assert sum(alert.icon == ":material/link_off:" for alert in test.warning) <= 1
        assert all(len(sentence) < 900 for sentence in sentences(test))

    check()
