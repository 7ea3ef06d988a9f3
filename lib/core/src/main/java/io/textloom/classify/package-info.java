/** Texts and pairs to labels, entities, answers and masked words, by encoders with a fine-tuned head. */
@NullMarked
package io.textloom.classify;

import org.jspecify.annotations.NullMarked;
