/** How likely a language model finds texts: log-likelihood, perplexity, bits per byte, and choices by likelihood. */
@NullMarked
package io.textloom.score;

import org.jspecify.annotations.NullMarked;
