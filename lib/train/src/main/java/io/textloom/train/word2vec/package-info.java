/** Word vectors: vocabulary, phrases and an encoded corpus by Spark, training on the driver, the model's folder. */
@NullMarked
package io.textloom.train.word2vec;

import org.jspecify.annotations.NullMarked;
