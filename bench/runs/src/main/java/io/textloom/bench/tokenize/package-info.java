/** The tokenize job beside its parts: reading, tokenizing and writing, each alone. */
@NullMarked
package io.textloom.bench.tokenize;

import org.jspecify.annotations.NullMarked;
