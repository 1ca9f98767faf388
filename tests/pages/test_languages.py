"""Every page in its main states is worded by the catalogue, in every language."""

import re
import shutil

import pytest

from core.bundle.write import bundle
from core.config.presets import PRESETS
from core.export.report.document import html_report
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR, RunStore
from core.sweeps.folder import SweepFolder, TrialRecord
from core.text import Message, languages, say, speak, speaking
from tests import made_up_language
from tests.bundled import opened
from tests.core.sweeps.conftest import a_sweep
from tests.core.text.test_translations import english_words
from tests.pages.actions import complete
from tests.pages.visible import visible_texts

SHOWN = "cnn-16-36-5k"
LESSONS = ("pixels", "convolution", "pooling", "softmax", "descent", "step", "batch", "ladder")
PARTS = ("layers", "convolution", "pooling", "output", "occlusion", "weights", "map")
ASPECTS = ("sets", "digits", "one", "typical", "split", "augmentation", "environment")
STATES = {
    "train": ("train", {}),
    "own-network": ("train", {"preset": "layers", "augmentation": "light", "optimizer": "sgd", "validation": "test"}),
    "training": ("train", {"run": "training"}),
    "failed": ("train", {"run": "failed"}),
    "runs": ("runs", {}),
    "compared": ("runs", {"runs": "both"}),
    "curves": ("curves", {"run": SHOWN}),
    "results": ("results", {"run": SHOWN}),
    "mistakes": ("mistakes", {"run": SHOWN}),
    "opened-mistake": ("mistakes", {"run": SHOWN, "digit": 7, "answers": "all"}),
    **{f"mistakes-{show}": ("mistakes", {"run": SHOWN, "show": show}) for show in ("labels", "table", "first")},
    **{f"inside-{part}": ("inside", {"run": SHOWN, "part": part}) for part in PARTS},
    "robustness": ("inside", {"run": SHOWN, "part": "pooling", "change": "rotation"}),
    "settings": ("settings", {"run": SHOWN}),
    "draw": ("draw", {}),
    "draw-digit": ("draw", {"source": "test", "index": 3, "model": SHOWN}),
    **{f"learn-{lesson}": ("learn", {"lesson": lesson}) for lesson in LESSONS},
    **{f"data-{aspect}": ("data", {"aspect": aspect, "dataset": "mnist-5k"}) for aspect in ASPECTS},
    "no-run": ("results", {"run": "mlp", "epoch": "x"}),
    "sweep": ("sweep", {"sweep": "made"}),
    "no-sweep": ("sweep", {}),
}
USUAL = ("train", "runs", "results", "draw-digit", "learn-softmax")
"""Those that a usual run looks at; the others, with --slow."""
NAMED = re.compile(
    r"(?:cnn|mlp|lenet|handwriting)[\w.\\-]*(?: · [\w .…-]+)?|Trial \d+|\d{8}-\d{6}[\w-]*"
    r"|[\w/.-]*(?:Intel|AMD|Xeon|Linux|x86)[^\n]*|(?:int|uint|float)\d+|\b[0-9a-f]{6,}\b|\bE+n+g+l+i+s+h+\b|~/\w+"
    r"|(?:Zalando|KMNIST Dataset|NIST Special|Krizhevsky)[^\n]*|\Aruns\Z"
    r"|\boutput\b|(?:conv|pool)\\\([^)]*\)|\d+@\d+-\w+-\w+|\bepoch(?= iiss x)"
)
"""Names of runs, machines, folders, layers, authors and parameters of links; digests, layers as text."""


@pytest.fixture
def visit(app, make_run, runs_dir):
    """Open a page in one of the states, in a language."""

    def open_page(state, language):
        page, link = STATES[state]
        config = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20", epochs=5)
        made = {
            "training": lambda: make_run("training", config=config, batch=12, images_per_second=8400.0).id,
            "failed": lambda: make_run("failed", message=Message("training.out_of_memory")).id,
            "both": lambda: f"{make_run('finished', errors={3: 10}, test_accuracy=0.9).id},{SHOWN}",
            "made": lambda: a_made_sweep(runs_dir, make_run).id,
        }
        link = {name: made[value]() if value in made else value for name, value in link.items()}
        # AppTest looks for the chosen option by its label, in the thread of the test
        speak(language)
        return complete(app(page, **link, lang=language))

    return open_page


def a_made_sweep(runs_dir, make_run):
    run = make_run("finished").id
    folder = SweepFolder.create(RunStore(runs_dir), a_sweep(), "")
    folder.files.change_status(state="finished", seconds=60.0)
    records = [
        TrialRecord(
            number=number, values={"learning_rate": 0.001}, runs=(run,), state="complete", scores=(0.3 + number,)
        )
        for number in range(2)
    ]
    folder.write_trials(records)
    return folder


def some(states):
    """The states, of which a usual run looks at a few."""
    return [pytest.param(state, marks=() if state in USUAL else pytest.mark.slow) for state in states]


def is_doubled(word):
    """Whether a word, perhaps cut at its end, is of the made-up language."""
    return all(first == second for first, second in zip(word[::2], word[1::2], strict=False))


def left_in_english(test, own=lambda _: False):
    """The texts with words of English, by place; `own` says which words are not."""
    found = {}
    for place, text in visible_texts(test):
        plain = NAMED.sub(" ", text)
        # words in code are on the list for texts that speak of them; in a made-up language, no text does
        words = [word for word in english_words(plain, plain if own(made_up_language.TAG) else "") if not own(word)]
        if words:
            found.setdefault(place, []).append((words, text[:200]))
    return found


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    with made_up_language.offered(tmp_path_factory.mktemp("made-up") / "text") as tag:
        yield tag


@pytest.mark.parametrize("state", some(STATES))
def test_a_page_has_no_words_but_those_of_the_catalogue(visit, made_up, state):
    assert left_in_english(visit(state, made_up), is_doubled) == {}


@pytest.mark.parametrize("language", list(languages())[1:])
@pytest.mark.parametrize("state", some(STATES))
def test_a_page_has_no_english(visit, language, state):
    assert left_in_english(visit(state, language)) == {}


HAN = re.compile("[\u4e00-\u9fff]")


def test_a_run_started_in_one_language_is_read_in_another(app, runs_dir):
    page = app("train", preset="mlp-512", dataset="mnist-5k", epochs="2", lang="zh-Hant")
    with speaking("zh-Hant"):
        page.button(key="train.start").click().run()
    (run,) = (run for run in RunStore(runs_dir).runs() if not run.shipped)
    written = [path.read_text(encoding="utf-8") for path in run.folder.path.rglob("*.json")]
    assert not HAN.search("".join(written))
    assert run.name == "mlp-512 · MNIST sample · 2 epochs"
    with speaking("zh-Hant"):
        assert HAN.search(run.name)
        assert run.name_in_files == "mlp-512 · MNIST sample · 2 epochs"


def test_a_bundle_from_one_language_opens_in_another(runs_dir, tmp_path):
    with speaking("zh-Hant"):
        shutil.copytree(SHIPPED_DIR / "mlp-512", tmp_path / "run")
        folder = RunFolder(tmp_path / "run")
        folder.change_status(message=Message("training.stopped_early", epoch=3))
        content = bundle(folder)
        found = opened(content, runs_dir)
        assert HAN.search(say(found.status().message))
        assert HAN.search(report_of(found))
    assert not HAN.search(say(found.status().message))
    assert not HAN.search(report_of(found))


def report_of(folder):
    return html_report(folder, folder.manifest(), folder.status(), None, None, 1)
