/** Intake, stages, sink, commit, and the models an executor holds. */
@NullMarked
package io.textloom.spark;

import org.jspecify.annotations.NullMarked;
