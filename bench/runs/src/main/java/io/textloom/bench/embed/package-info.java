/** The side-by-side embedding run: texts, Textloom's side, machine limits, comparison and report. */
@NullMarked
package io.textloom.bench.embed;

import org.jspecify.annotations.NullMarked;
