"""Well-known data sets that can be added by name: where they are published, with their digests and licences."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.config.datasets import DataDescription
from core.data.download import Mirror, RemoteFile

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"


@dataclass(frozen=True, slots=True)
class Known:
    """A published data set: what it must turn out to be, and its files."""

    title: str
    licence: str
    source: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    training: int
    test: int
    mirrors: tuple[Mirror, ...]
    wanted: str = ""
    """Begins the names of the files to use of an archive; empty for all."""
    transposed: bool = False
    """Whether the files have rows and columns exchanged."""

    def fits(self, description: DataDescription) -> bool:
        """Whether this is what was read from a person's files, whatever their format."""
        counts = (description.training, description.test) == (self.training, self.test)
        return counts and description.shape == self.shape and len(description.classes) == len(self.classes)


def _idx(name: str, address: str, files: Mapping[str, tuple[str, int]]) -> tuple[Mirror, ...]:
    return (
        Mirror(name, tuple(RemoteFile(f"{address}{file}", f"md5:{md5}", size) for file, (md5, size) in files.items())),
    )


_EMNIST = (
    Mirror(
        "emnist",
        (
            # published by torchvision (md5) and TensorFlow Datasets (size)
            RemoteFile(
                "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
                "md5:58c8d27c78d21e728a6bc7b3cc06412e",
                561_753_746,
            ),
        ),
    ),
)

KNOWN: Mapping[str, Known] = {
    "fashion-mnist": Known(
        title="Fashion-MNIST",
        licence="MIT",
        source="Zalando Research: H. Xiao, K. Rasul and R. Vollgraf, 2017",
        shape=(28, 28, 1),
        classes=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        training=60_000,
        test=10_000,
        mirrors=_idx(
            "fashion-mnist",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            {
                "train-images-idx3-ubyte.gz": ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
                "train-labels-idx1-ubyte.gz": ("25c81989df183df01b3e8a0aad5dffbe", 29_515),
                "t10k-images-idx3-ubyte.gz": ("bef4ecab320f06d8554ea6380940ec79", 4_422_102),
                "t10k-labels-idx1-ubyte.gz": ("bb300cfdad3c16e7a12a480ee83cd310", 5_148),
            },
        ),
    ),
    "kmnist": Known(
        title="Kuzushiji-MNIST",
        licence="CC BY-SA 4.0",
        source="KMNIST Dataset by CODH, adapted from Kuzushiji Dataset by NIJL and others, doi:10.20676/00000341",
        shape=(28, 28, 1),
        classes=("お o", "き ki", "す su", "つ tsu", "な na", "は ha", "ま ma", "や ya", "れ re", "を wo"),
        training=60_000,
        test=10_000,
        mirrors=_idx(
            "kmnist",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            {
                "train-images-idx3-ubyte.gz": ("bdb82020997e1d708af4cf47b453dcf7", 18_165_135),
                "train-labels-idx1-ubyte.gz": ("e144d726b3acfaa3e44228e80efcd344", 29_497),
                "t10k-images-idx3-ubyte.gz": ("5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136),
                "t10k-labels-idx1-ubyte.gz": ("7320c461ea6c1c855c0b718fb2a4b134", 5_120),
            },
        ),
    ),
    "emnist-digits": Known(
        title="EMNIST digits",
        licence="Public domain (U.S. government work)",
        source="NIST Special Database 19: G. Cohen, S. Afshar, J. Tapson and A. van Schaik, 2017",
        shape=(28, 28, 1),
        classes=tuple("0123456789"),
        training=240_000,
        test=40_000,
        mirrors=_EMNIST,
        wanted="emnist-digits",
        transposed=True,
    ),
    "emnist-balanced": Known(
        title="EMNIST balanced",
        licence="Public domain (U.S. government work)",
        source="NIST Special Database 19: G. Cohen, S. Afshar, J. Tapson and A. van Schaik, 2017",
        shape=(28, 28, 1),
        classes=(*"0123456789", *_LETTERS),
        training=112_800,
        test=18_800,
        mirrors=_EMNIST,
        wanted="emnist-balanced",
        transposed=True,
    ),
    "cifar-10": Known(
        title="CIFAR-10",
        licence="none stated; cite the source",
        source="A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
        shape=(32, 32, 3),
        classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        training=50_000,
        test=10_000,
        mirrors=(
            Mirror(
                "cifar-10",
                (
                    RemoteFile(
                        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                        "md5:c32a1d4ab5d03f1284b67883e8d87530",
                        170_052_171,
                    ),
                ),
            ),
        ),
    ),
}
"""By name, which no other data set may have. The digests are those that torchvision and the authors publish."""
