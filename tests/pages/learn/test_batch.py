"""The lesson on batch size: the tutorials' arithmetic."""

from tests.pages.shown import texts, widget

MLP = "60,000 images ÷ 128 per batch = 469 updates per epoch, × 5 epochs = 2,345"
LENET = "60,000 images ÷ 32 per batch = 1,875 updates per epoch, × 2 epochs = 3,750"
ALL = "60,000 images ÷ 60,000 per batch = 1 update per epoch, × 2 epochs = 2"


def test_the_tutorials_update_counts_and_memory_are_shown(lesson):
    test = lesson("batch")
    assert MLP in texts(test)
    cards = {metric.label: metric.value for metric in test.metric}
    assert cards["Updates per epoch"] == "469"
    assert cards["Images in the last batch"] == "96"
    # 784 + 512 + 10 numbers of 4 bytes per image
    assert cards["Memory for one batch"] == f"{4 * 128 * (784 + 512 + 10) / 1e6:.1f} MB"
    # each weight, its gradient and RMSprop's moving average
    assert cards["Memory for the weights"] == f"{3 * 4 * 407_050 / 1e6:.1f} MB"
    widget(test, "selectbox", "view.network").set_value("lenet-20-50").run()
    assert LENET in texts(test)
    widget(test, "number_input", "view.batch").set_value(60_000).run()
    assert ALL in texts(test)
