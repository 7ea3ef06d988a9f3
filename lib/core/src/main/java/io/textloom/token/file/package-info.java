/** Reads tokenizer.json and the older vocabulary files, and trusts none of them. */
@NullMarked
package io.textloom.token.file;

import org.jspecify.annotations.NullMarked;
