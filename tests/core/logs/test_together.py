"""Files of one training become one, files of several stay apart."""

import pytest

from core.logs.files import read_file
from core.logs.together import merged, seconds, together
from core.logs.training import Training
from tests.kept_logs import ALL, EVENTS, EVENTS_OF_VALIDATION, content


def read(*names):
    found = []
    for place, name in enumerate(names):
        for training in read_file(name, content(name)):
            training.place = place
            found.append(training)
    return found


def training(place, times=(), began=None, **metrics):
    values = {name: dict(enumerate(series, start=1)) for name, series in metrics.items()}
    ends = dict(enumerate(times, start=1))
    return Training(f"{place}.csv", place=place, metrics=values, times=ends, began=began)


@pytest.mark.parametrize("names", [ALL, tuple(reversed(ALL)), (EVENTS_OF_VALIDATION, EVENTS)])
def test_all_files_of_one_training_are_one_in_any_order(names):
    (group,) = together(read(*names))
    assert len(group) == len(names)
    assert merged(group).keys() == {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"}


def test_of_two_files_the_more_exact_one_counts():
    (group,) = together(read(*reversed(ALL)))
    assert merged(group)["loss"][1] == 1.9797985553741455


def test_trainings_with_other_values_or_in_the_same_file_stay_apart():
    one, other = training(0, loss=[2.0, 1.0]), training(1, loss=[2.0, 1.2])
    assert len(together([one, other])) == 2
    again = training(0, loss=[2.0, 1.0])
    assert len(together([one, again])) == 2


def test_the_same_constant_learning_rate_proves_nothing():
    one, other = (
        training(0, loss=[2.0], learning_rate=[0.1]),
        training(1, accuracy=[0.5, 0.6], learning_rate=[0.1, 0.1]),
    )
    assert len(together([one, other])) == 1  # its epochs are among the other's
    apart = training(1, loss=[1.0], learning_rate=[0.1])
    assert len(together([one, apart])) == 2


def test_of_two_trainings_each_validation_goes_with_the_training_of_its_time():
    files = [
        training(0, times=(10, 20), loss=[2.0, 1.0]),
        training(1, times=(110, 120), loss=[1.9, 0.9]),
        training(2, times=(110.2, 120.2), val_loss=[1.7, 1.0]),
        training(3, times=(10.2, 20.2), val_loss=[1.8, 1.1]),
    ]
    assert [[each.place for each in group] for group in together(files)] == [[0, 3], [1, 2]]


def test_an_epoch_takes_from_the_end_of_the_last_one_as_far_as_the_times_tell():
    validation = training(0, times=(14, 25, 31), began=12, val_loss=[2.0, 1.0, 0.5])
    whole = training(1, times=(13.5, 24.5, 30.5), began=3.5, loss=[2.0, 1.0, 0.5])
    assert seconds([validation, whole]) == {1: 10, 2: 11, 3: 6}
    assert seconds([training(0, times=(14, 25), loss=[2.0, 1.0])]) == {2: 11}
    # a clock that was set back
    assert seconds([training(0, times=(14, 9, 19), loss=[2.0, 1.0, 0.5])]) == {3: 10}
    assert seconds([training(0, loss=[2.0])]) == {}


def test_the_files_of_keras_tell_how_long_each_epoch_took():
    (group,) = together(read(*ALL))
    took = seconds(group)
    assert list(took) == [1, 2, 3, 4]
    assert all(0 < each < 60 for each in took.values())
