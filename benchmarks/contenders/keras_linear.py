"""tf.data + Keras: a linear layer, trained on batches that a generator feeds.

Source: https://www.tensorflow.org/guide/data (from_generator, batch, prefetch),
    https://keras.io/api/models/model_training_apis/ (steps_per_execution).
Mixes rows: if asked, by the kit's stream; its own `shuffle` would draw rows one by one.
Cores: all, for the arithmetic; the generator is one Python thread.
Would its maintainers sign it? With a sigh: their guide warns that a generator is slow beside TFRecord files, and a
    linear layer is not what Keras is for.
"""

import warnings

from benchmarks.contenders.kit_numpy import scaler_of
from helpers import stream, taxi
from helpers.environment import tensorflow_setup


def train(files, shuffle=False):
    tensorflow_setup.quiet()
    import keras
    import tensorflow as tf

    scaler = scaler_of(files, shuffle)

    def arrays():
        return (taxi.to_xy(batch, scaler=scaler) for batch in stream.batches(files, batch_rows=65_536, shuffle=shuffle))

    kinds = tf.TensorSpec((None, 17), tf.float32), tf.TensorSpec((None,), tf.float32)
    dataset = tf.data.Dataset.from_generator(arrays, output_signature=kinds).rebatch(512).prefetch(4)
    warnings.filterwarnings("ignore", "Your input ran out of data")  # nobody knows its length before
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((17,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.1), "mse", steps_per_execution=100)
    model.fit(dataset, shuffle=False, verbose=0)
    return lambda x: model.predict(scaler.transform(x), batch_size=10_000, verbose=0)[:, 0]


def prepare():
    tensorflow_setup.quiet()
