/** Token ids back to text, one token at a time: the decoders of tokenizer.json. */
@NullMarked
package io.textloom.token.decode;

import org.jspecify.annotations.NullMarked;
