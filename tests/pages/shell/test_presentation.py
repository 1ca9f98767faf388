"""The presentation view: part of the address, kept by every link."""

from tests.pages.actions import turn


def links(test):
    """The parameters of each link to a page."""
    return [link.proto.query_string for link in test.get("page_link")]


def is_presented(test):
    return any(".stAppHeader" in element.proto.body for element in test.get("html"))


def test_the_button_begins_and_ends_it_and_keeps_the_rest_of_the_address(app):
    test = app("results", run="mlp-512", epoch="2")
    assert not is_presented(test)
    test.button(key="top.present").click().run()
    assert is_presented(test)
    assert test.query_params.items() >= {"present": "1", "run": "mlp-512", "epoch": "2", "tab": "results"}.items()
    test.button(key="top.present").click().run()
    assert not is_presented(test)
    assert "present" not in test.query_params


def test_it_stays_from_tab_to_tab_and_in_every_link(app):
    test = turn(app("curves", run="mlp-512", present="1"), "results")
    assert is_presented(test)
    test.button(key="confusion.all").click().run()
    assert test.query_params["tab"] == "mistakes"
    assert is_presented(test)
    for page in ("curves", "settings"):
        assert links(turn(test, page)) != []
        assert all("present=1" in link for link in links(test))
    assert all("present=1" in link for link in links(app("learn", lesson="convolution", present="1")))
    assert not any("present" in link for link in links(app("learn", lesson="convolution")))


def test_it_stays_when_a_click_leads_to_another_page(app):
    # a run whose digits need no download
    test = app("mistakes", run="cnn-16-36-5k", present="1")
    test.button(key="opened.draw_over").click().run()
    assert test.query_params.items() >= {"model": "cnn-16-36-5k", "present": "1"}.items()
    assert is_presented(test)


def test_another_value_does_not_present(app):
    assert not is_presented(app("learn", present="<script>"))
