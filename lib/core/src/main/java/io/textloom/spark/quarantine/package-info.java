/** Rows that kill the process they are computed in: found by narrowing down what was in flight when it died. */
@NullMarked
package io.textloom.spark.quarantine;

import org.jspecify.annotations.NullMarked;
