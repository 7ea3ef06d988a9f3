/** What a job would do and cost, from a sample of its input: nothing here writes to the output. */
@NullMarked
package io.textloom.spark.plan;

import org.jspecify.annotations.NullMarked;
