/** Sources of every supported format as documents with a stable id, rejected rows included. */
@NullMarked
package io.textloom.spark.intake;

import org.jspecify.annotations.NullMarked;
