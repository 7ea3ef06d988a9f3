/** Fuzzing of the parsers that read what strangers wrote: see docs/hostile-input.md. */
@NullMarked
package io.textloom.fuzz;

import org.jspecify.annotations.NullMarked;
