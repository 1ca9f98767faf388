"""A search over settings is read as one training, with the first value that it tries of each."""

import textwrap

import pytest

from tests.core.tutorials.scripts import NETWORK, guesses

START = """
import keras
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten
"""
CODES = {
    "hyperas": """
        from hyperas import optim
        from hyperas.distributions import choice, uniform
        def data():
            (x, y), (a, b) = mnist.load_data()
            return x / 255, y, a, b
        def create_model(x, y, a, b):
            model = Sequential()
            model.add(Flatten(input_shape=(28, 28)))
            model.add(Dense({{choice([30, 60])}}, activation={{choice(['tanh', 'relu'])}}))
            if {{choice(['two', 'three'])}} == 'three':
                model.add({{choice([Dropout(0.5), Dense(9)])}})
            model.add(Dense(10, activation='softmax'))
            model.compile('sgd', 'sparse_categorical_crossentropy')
            model.fit(x, y, batch_size={{choice([64, 128])}}, epochs=2)
        best, model = optim.minimize(model=create_model, data=data, max_evals=5)
        """,
    "hyperopt": """
        from hyperopt import fmin, hp, tpe
        (x, y), _ = mnist.load_data()
        space = {'units': hp.choice('units', [30, 60]), 'size': hp.choice('size', [64, 128])}
        def objective(params):
            model = Sequential([Flatten(), Dense(params['units'], 'tanh'), Dense(10, 'softmax')])
            model.compile('sgd', 'sparse_categorical_crossentropy')
            model.fit(x / 255, y, batch_size=params['size'], epochs=2)
        best = fmin(objective, space, algo=tpe.suggest, max_evals=10)
        """,
    "optuna": """
        import optuna
        (x, y), _ = mnist.load_data()
        def objective(trial):
            act = trial.suggest_categorical('act', ['tanh'])
            model = Sequential([Flatten(), Dense(trial.suggest_int('units', 30, 99), act), Dense(10, 'softmax')])
            model.compile('sgd', 'sparse_categorical_crossentropy')
            model.fit(x / 255, y, batch_size=trial.suggest_categorical('size', [64, 128]), epochs=2)
        study = optuna.create_study(direction='maximize')
        study.optimize(objective, n_trials=50)
        """,
    "keras_tuner": """
        import keras_tuner as kt
        (x, y), _ = mnist.load_data()
        class Digits(kt.HyperModel):
            def build(self, hp):
                model = Sequential([Flatten()])
                for i in range(hp.Int('layers', 1, 3)):
                    units = hp.Int(f'units_{i}', min_value=30, max_value=90, step=30)
                    model.add(Dense(units, hp.Choice('act', ['tanh'])))
                if hp.Boolean('drop'):
                    model.add(Dropout(0.5))
                model.add(Dense(10, 'softmax'))
                model.compile('sgd', 'sparse_categorical_crossentropy')
                return model
        tuner = kt.Hyperband(Digits(), max_epochs=2)
        tuner.search(x / 255, y, epochs=2, batch_size=64)
        """,
}


@pytest.mark.parametrize("package", CODES)
def test_a_search_is_one_training_with_the_first_values(read, package):
    tutorial = read(START + textwrap.dedent(CODES[package]), data=False)
    (fit,) = tutorial.fits
    hidden = fit.chain.layers[1].arguments
    assert [layer.kind for layer in fit.chain.layers] == ["Flatten", "Dense", "Dense"]
    assert (hidden["units"], hidden["activation"]) == (30, "tanh")
    assert (fit.batch_size, fit.epochs, fit.dataset) == (64, 2, "mnist")
    said = [str(note.said) for note in tutorial.guesses]
    assert any("read as one training" in each for each in said)
    assert any("read as 30, the first or lowest" in each for each in said)


def test_the_best_of_a_search_is_its_first_too(read):
    code = """
        import keras_tuner
        def build(hp):
            model = Sequential([Dense(hp.Int('units', 16, 64, default=48)), Dense(10, 'softmax')])
            model.compile('adam', 'mse')
            return model
        tuner = keras_tuner.RandomSearch(build, max_trials=2)
        best = tuner.get_best_hyperparameters(num_trials=1)[0]
        model = tuner.hypermodel.build(best)
        model.fit(x, y, epochs=4)
        """
    (fit,) = read(START + textwrap.dedent(code)).fits
    assert (fit.chain.layers[0].arguments["units"], fit.epochs) == (48, 4)


def test_each_fold_is_a_training(read):
    code = """
        from sklearn.model_selection import KFold
        for train, held in KFold(n_splits=3).split(x):
            model = Sequential([Dense(10)])
            model.compile('adam', 'mse')
            model.fit(x[train], y[train], validation_data=(x[held], y[held]))
        """
    tutorial = read(START + textwrap.dedent(code))
    assert len(tutorial.fits) == 3
    assert "picks some of its images" in str(tutorial.guesses[0].said)


def test_a_search_over_settings_is_read_with_the_first_of_each(read):
    code = """
    from scikeras.wrappers import KerasClassifier
    from sklearn.model_selection import GridSearchCV
    def make(width, depth):
        model = Sequential()
        for _ in range(depth):
            model.add(Dense(width, activation="relu"))
        model.add(Dense(10, activation="softmax"))
        model.compile("sgd", "categorical_crossentropy")
        return model
    grid = {"model__width": [12, 24], "depth": range(2, 4), "epochs": [7], "batch_size": [50, 60]}
    GridSearchCV(KerasClassifier(make, verbose=0), grid).fit(x, y)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    (fit,) = tutorial.fits
    assert [layer.arguments["units"] for layer in fit.chain.layers] == [12, 12, 10]
    assert (fit.epochs, fit.batch_size) == (7, 50)
    assert guesses(tutorial) == ["The script searches over settings; it is read with the first of each."]


def test_a_cross_validation_is_one_training(read):
    code = """
    from scikeras.wrappers import KerasClassifier
    from sklearn.model_selection import cross_val_score
    def make(width=9):
        model = Sequential([Dense(width), Dense(10, activation="softmax")])
        model.compile("sgd", "categorical_crossentropy")
        return model
    cross_val_score(KerasClassifier(make, epochs=3), x, y, cv=5)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    assert [fit.epochs for fit in tutorial.fits] == [3]
    assert "each fold" in guesses(tutorial)[0]
