"""``python -m benchmarks.keras_gan IMAGES BATCH_SIZE``: the MLP GAN as Keras tutorials train it (gan.py of Keras-GAN).

Fakes come from ``predict``; the discriminator is trained twice a step, on the real and on the fake images; then the
generator once, through a model that joins both. Runs in an environment that has TensorFlow, and may have nothing else.
"""

import os
import sys
from pathlib import Path

import numpy as np

from benchmarks.contest import Player, take_turns

Z_DIM = 100
IDX_HEADER = 16
"""Bytes before the pixels."""


def build(images: Path, batch_size: int) -> Player:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # it greets everybody at length
    import keras
    import tensorflow
    from keras import layers

    def adam() -> keras.optimizers.Adam:
        return keras.optimizers.Adam(2e-4, 0.5)

    discriminator = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(512),
            layers.LeakyReLU(0.2),
            layers.Dense(256),
            layers.LeakyReLU(0.2),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    discriminator.compile(loss="binary_crossentropy", optimizer=adam(), metrics=["accuracy"])

    generator = keras.Sequential([keras.Input((Z_DIM,))])
    for units in (256, 512, 1024):
        generator.add(layers.Dense(units))
        generator.add(layers.LeakyReLU(0.2))
        generator.add(layers.BatchNormalization(momentum=0.8))
    generator.add(layers.Dense(28 * 28, activation="tanh"))
    generator.add(layers.Reshape((28, 28, 1)))

    pixels = np.fromfile(images, np.uint8, offset=IDX_HEADER).reshape(-1, 28, 28, 1)
    data = pixels.astype(np.float32) / 127.5 - 1.0
    valid, invalid = np.ones((batch_size, 1)), np.zeros((batch_size, 1))

    # Keras 3 collects what a model trains when it first trains: frozen before that, as tutorials have it, the
    # discriminator would stay as it was for ever.
    discriminator.train_on_batch(data[:batch_size], valid)
    discriminator.trainable = False
    z = keras.Input((Z_DIM,))
    combined = keras.Model(z, discriminator(generator(z)))
    combined.compile(loss="binary_crossentropy", optimizer=adam())

    def train_discriminator() -> None:
        real = data[np.random.randint(0, len(data), batch_size)]
        fake = generator.predict(np.random.normal(0, 1, (batch_size, Z_DIM)), verbose=0)
        discriminator.train_on_batch(real, valid)
        discriminator.train_on_batch(fake, invalid)

    def train_generator() -> None:
        combined.train_on_batch(np.random.normal(0, 1, (batch_size, Z_DIM)), valid)

    def step() -> int:
        train_discriminator()
        train_generator()
        return batch_size

    before = discriminator.get_weights()
    train_discriminator()
    between = discriminator.get_weights()
    train_generator()
    after = discriminator.get_weights()
    assert not all(map(np.array_equal, before, between)), "the discriminator is not trained"
    assert all(map(np.array_equal, between, after)), "the generator's step trains the discriminator"

    about = {"keras": keras.__version__, "tensorflow": tensorflow.__version__}
    return Player(step, wait=lambda: None, gauges=lambda: about)


if __name__ == "__main__":
    take_turns(lambda: build(Path(sys.argv[1]), int(sys.argv[2])))
