/** Patterns that normalizers replace and pre-tokenizers cut at: literals, character classes, and the regular expressions of tokenizer files. */
@NullMarked
package io.textloom.token.pattern;

import org.jspecify.annotations.NullMarked;
