/** Spark NLP's side of the comparison. */
@NullMarked
package io.textloom.bench.sparknlp;

import org.jspecify.annotations.NullMarked;
