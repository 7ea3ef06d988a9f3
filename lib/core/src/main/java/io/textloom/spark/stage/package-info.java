/** What a task does with its documents, and the models an executor holds for it. */
@NullMarked
package io.textloom.spark.stage;

import org.jspecify.annotations.NullMarked;
