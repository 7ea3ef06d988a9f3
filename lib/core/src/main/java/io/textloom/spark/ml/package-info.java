/** Spark ML stages: the engines as Transformers with Params, save and load, for Pipelines in Java, Scala and Python. */
@NullMarked
package io.textloom.spark.ml;

import org.jspecify.annotations.NullMarked;
