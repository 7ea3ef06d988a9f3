/** Column names, schemas and row codecs of every output table. */
@NullMarked
package io.textloom.table;

import org.jspecify.annotations.NullMarked;
