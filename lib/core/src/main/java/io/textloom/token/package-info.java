/** Tokenizers behind one small interface, special tokens, and flat token batches. */
@NullMarked
package io.textloom.token;

import org.jspecify.annotations.NullMarked;
