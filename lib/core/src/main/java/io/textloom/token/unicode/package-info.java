/**
 * Characters as the reference tokenizers see them: classes, lower case, normal forms.
 *
 * <p>Source of all tables: Hugging Face {@code tokenizers} 0.23.3, asked about every code point by {@code src/main/unicode/unicode_tables.py}. Its parts follow
 * different Unicode versions, none of them that of {@link java.lang.Character}, so nothing here is derived from the JVM's tables.
 */
@NullMarked
package io.textloom.token.unicode;

import org.jspecify.annotations.NullMarked;
