/** Pre-tokenizers: where a normalized text is cut into pieces, without a regex engine. */
@NullMarked
package io.textloom.token.split;

import org.jspecify.annotations.NullMarked;
