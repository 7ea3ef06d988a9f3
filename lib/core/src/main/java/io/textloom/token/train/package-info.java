/** Training of vocabularies: words with counts in, a Hugging Face {@code tokenizer.json} out. */
@NullMarked
package io.textloom.token.train;

import org.jspecify.annotations.NullMarked;
