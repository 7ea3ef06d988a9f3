/** Nearest neighbours and measures over committed vectors. */
@NullMarked
package io.textloom.evaluate;

import org.jspecify.annotations.NullMarked;
