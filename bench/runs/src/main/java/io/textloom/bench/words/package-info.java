/** Peers of the word vector training. */
@NullMarked
package io.textloom.bench.words;

import org.jspecify.annotations.NullMarked;
