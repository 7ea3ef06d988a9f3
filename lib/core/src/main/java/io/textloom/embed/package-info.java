/** Token-budget batching, windows of long documents, and the embedding engine. */
@NullMarked
package io.textloom.embed;

import org.jspecify.annotations.NullMarked;
