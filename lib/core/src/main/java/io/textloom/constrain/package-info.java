/** What a completion may look like: choices, regular expressions and JSON schemas, as automata over a tokenizer's tokens. */
@NullMarked
package io.textloom.constrain;

import org.jspecify.annotations.NullMarked;
