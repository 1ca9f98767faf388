# ruff: noqa: E501 a log and a network are written as they are, in one line
"""Printed trainings become histories, whichever version of Keras printed them."""

import pytest

from core.tutorials.log import read_log


def histories(text):
    return [each.metrics for each in read_log(text)]


BAR = "=" * 30
DONE = f"60000/60000 [{BAR}] - 5s 80us/step"
TWO = {"loss": [0.5, 0.25], "accuracy": [0.8, 0.9], "val_loss": [0.4, 0.3], "val_accuracy": [0.85, 0.95]}


@pytest.mark.parametrize(
    "text",
    [
        f"""Train on 48000 samples, validate on 12000 samples
Epoch 1/2
48000/48000 [{BAR}] - 9s - loss: 0.5 - acc: 0.8 - val_loss: 0.4 - val_acc: 0.85
Epoch 2/2
48000/48000 [{BAR}] - 9s 180us/step - loss: 0.25 - acc: 0.9 - val_loss: 0.3 - val_acc: 0.95""",
        """Epoch 1/2
9s - loss: 0.5 - acc: 0.8 - val_loss: 0.4 - val_acc: 0.85
Epoch 2/2
 - 9s - loss: 0.25 - accuracy: 0.9 - val_loss: 0.3 - val_accuracy: 0.95""",
        f"""Epoch 1/2
 10/160 [>{'.' * 29}] - ETA: 3s - loss: 2.1 - accuracy: 0.1\r 99/160 [====>...] - ETA: 1s - loss: 0.9 - accuracy: 0.5
160/160 [{BAR}] - ETA: 0s - loss: 0.5 - accuracy: 0.8{chr(8) * 60}160/160 [{BAR}] - 2s 9ms/step - loss: 0.5 - accuracy: 0.8 - val_loss: 0.4 - val_accuracy: 0.85
Epoch 2/2
160/160 [{BAR}] - 2s 9ms/step - loss: 0.25 - accuracy: 0.9 - val_loss: 0.3 - val_accuracy: 0.95""",
        """Epoch 1/2
\x1b[1m160/160\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m3s\x1b[0m 5ms/step - accuracy: 0.8 - loss: 0.5 - val_accuracy: 0.85 - val_loss: 0.4
Epoch 2/2
\x1b[1m 12/160\x1b[0m \x1b[32m━\x1b[0m\x1b[37m━━━━━━━━━━━━━━━━━━━\x1b[0m \x1b[1m0s\x1b[0m 4ms/step - accuracy: 0.7 - loss: 0.6
\x1b[1m160/160\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m3s\x1b[0m 5ms/step - accuracy: 0.9 - loss: 0.25 - val_accuracy: 0.95 - val_loss: 0.3""",
        """Epoch 1/2
160/160 - 1s - 8ms/step - accuracy: 0.8 - loss: 5.0e-1 - val_accuracy: 0.85 - val_loss: 0.4
Epoch 2/2
160/160 - 1s - 8ms/step - accuracy: 0.9 - loss: 0.25 - val_accuracy: 0.95 - val_loss: 0.3""",
    ],
    ids=["keras-1", "verbose-2", "overwritten", "keras-3", "keras-3-verbose-2"],
)  # fmt: skip
def test_each_version_and_verbosity(text):
    assert histories(text) == [TWO]
    assert histories(f"Some words.\n\n{text}\n\nThe accuracy rises.") == [TWO]


def epoch(number, count, loss):
    return f"Epoch {number}/{count}\n5/5 [{BAR}] - 1s - loss: {loss} - accuracy: 0.5\n"


def test_several_trainings_are_told_apart():
    text = epoch(1, 2, 0.5) + epoch(2, 2, 0.4) + epoch(1, 3, 0.9) + epoch(2, 3, 0.8) + epoch(3, 3, 0.7)
    assert [each["loss"] for each in histories(text)] == [[0.5, 0.4], [0.9, 0.8, 0.7]]
    again = f"Train on 5 samples\n{epoch(1, 1, 0.5)}Train on 5 samples\n{epoch(1, 1, 0.6)}"
    assert [each["loss"] for each in histories(again)] == [[0.5], [0.6]]


def test_a_cut_log_keeps_its_complete_epochs():
    text = epoch(1, 3, 0.5) + epoch(2, 3, 0.4) + "Epoch 3/3\n3/5 [======>...] - ETA: 1s - loss: 0.35 - accuracy: 0.9"
    (printed,) = read_log(text)
    assert printed.metrics["loss"] == [0.5, 0.4]
    assert (printed.epochs, printed.planned) == ([1, 2], 3)


@pytest.mark.parametrize("more", ["", " - val_loss: 0.4 - val_acc: 0.9"])
def test_a_log_whose_start_was_cut_off_has_its_first_epoch(more):
    ends = [line + more for line in (f"{DONE} - loss: 0.5 - acc: 0.8", f"{DONE} - loss: 0.3 - acc: 0.9")]
    (printed,) = read_log(f"{ends[0]}\nEpoch 2/2\n{ends[1]}\n")
    assert (printed.epochs, printed.metrics["loss"], printed.test_loss) == ([1, 2], [0.5, 0.3], None)


def test_nan_is_kept_and_null_for_programs():
    (printed,) = read_log(epoch(1, 2, 0.5) + epoch(2, 2, "nan"))
    assert printed.to_json()["loss"] == [0.5, None]


@pytest.mark.parametrize(
    ("text", "loss", "accuracy"),
    [
        (f"313/313 [{BAR}] - 0s 1ms/step - loss: 0.07 - accuracy: 0.97", 0.07, 0.97),
        ("313/313 - 0s - 1ms/step - accuracy: 0.9758 - loss: 0.0742\ntest_acc: 0.97579997", 0.0742, 0.97579997),
        ("Test loss: 0.026\nTest accuracy: 0.9917", 0.026, 0.9917),
        ("[0.0219720408, 0.9926000237]", 0.0219720408, 0.9926000237),
        ("Accuracy: 98.53%", None, 0.9853),
        ("Accuracy: 98.53", None, 0.9853),
        ("Baseline Error: 1.75%", None, 0.9825),
        ("정확도: 0.9921", None, 0.9921),
        ("10000/1 - 0s - loss: 0.0805 - accuracy: 0.9512", 0.0805, 0.9512),
        ("Large CNN Error: 0.89%", None, 0.9911),
        ("正解率：97.8％", None, 0.978),
        ("테스트 정확도: 0.9812", None, 0.9812),
        ("{'accuracy': 0.9921, 'loss': 0.0253}", 0.0253, 0.9921),
        ("Results: {'loss': 0.0253, 'compile_metrics': 0.9921}", 0.0253, 0.9921),
        ("{'loss': np.float32(0.0253), 'acc': np.float32(0.9921)}", 0.0253, 0.9921),
        ("    accuracy                           0.99     10000", None, 0.99),
        ("##测试结果： test_loss = 0.2466 ; test_accuracy = 0.9462", 0.2466, 0.9462),
        ("Test loss: 0.05, accuracy: 98.1%", 0.05, 0.981),
        ("Accuracy is :  0.9651 %", None, 0.9651),
        ("Large CNN Error: 0.5 %", None, 0.995),
        ("The answer is 42", None, None),
        ("{'optimizer': 'adam', 'accuracy': 1}", None, None),
    ],
)
def test_a_printed_test_result_belongs_to_the_training_before_it(text, loss, accuracy):
    (printed,) = read_log(epoch(1, 1, 0.5) + text + "\n")
    assert printed.metrics["loss"] == [0.5]
    assert printed.test_loss == loss
    assert printed.test_accuracy == pytest.approx(accuracy)


@pytest.mark.parametrize(
    "text",
    [
        f"Epoch 1/2\n{DONE} - loss: 0.5 - acc: 0.8\n\nEpoch 00001: val_loss improved from inf to 0.4, saving model to a.h5\n"
        f"Epoch 2/2\nEpoch 2: val_loss did not improve from 0.4\n{DONE} - loss: 0.3 - acc: 0.9\nEpoch 2: early stopping\n",
        f"Epoch 1/2\n{DONE}\n - loss: 0.5000\n - acc: 0.8000\nEpoch 2/2\n{DONE} - loss: 0.3\n- acc: 0.9\n",
        f"Train on 60000 samples Epoch 1/2 {DONE} - loss: 0.5 - acc: 0.8 Epoch 2/2 {DONE} - loss: 0.3 - acc: 0.9",
        f"[12:03:04] Epoch 1/2\n{DONE} - loss: 0.5 - acc: 0.8\n[12:03:09] Epoch 2/2\n{DONE} - loss: 0.3 - acc: 0.9\n",
        "Epoch 1/2, loss: 0.5, accuracy: 0.8\nEpoch 2/2, loss: 0.3, accuracy: 0.9\n",
        "Epoch 1/2\n[1m9/9[0m [32m━━━━[0m[37m[0m [1m5s[0m 2ms/step - accuracy: 0.8 - loss: 0.5\n"
        "Epoch 2/2\n[1m9/9[0m [32m━━━━[0m[37m[0m [1m5s[0m 2ms/step - accuracy: 0.9 - loss: 0.3\n",
        "{'loss': [0.5, 0.3], 'accuracy': [0.8, 0.9], 'lr': [nan, 0.1]}",
        "0epoch [00:00, ?epoch/s]\r 50%|███     | 1/2 [00:09<00:09,  9.1s/epoch, loss=0.5, accuracy=0.8, val_loss=0.4]\n"
        "100%|███████| 9/9 [00:05<00:00, 92.50batch/s, loss=0.31, accuracy=0.89]\n"
        "100%|███████| 2/2 [00:18<00:00,  9.0s/epoch, loss=0.3, accuracy=0.9, val_loss=0.35]\n",
    ],
    ids=["reports", "broken", "joined", "times", "own", "colors", "history", "tqdm"],
)
def test_what_pages_and_callbacks_put_between_changes_no_history(text):
    (printed,) = read_log(text)
    assert (printed.epochs, printed.metrics["loss"], printed.metrics["accuracy"]) == ([1, 2], [0.5, 0.3], [0.8, 0.9])


@pytest.mark.parametrize(
    "code",
    ["dense_layers = [0, 1]", "rates = [0.1, 0.01]", "accuracy = 0.99", "loss = 0.5", "ACCURACY_THRESHOLD = 0.995"],
)
def test_values_in_code_are_not_results(code):
    assert read_log(f"{code}\nprint('Test accuracy:', score[1])\nhistory = {{'loss': [], 'accuracy': []}}\n") == []
    (printed,) = read_log(f"{epoch(1, 1, 0.5)}test_acc = 0.97\n")
    assert printed.test_accuracy == 0.97
