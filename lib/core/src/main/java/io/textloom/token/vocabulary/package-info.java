/** Tokens and ids in flat arrays, and the models that cut a piece into tokens: WordPiece, byte-pair merges. */
@NullMarked
package io.textloom.token.vocabulary;

import org.jspecify.annotations.NullMarked;
