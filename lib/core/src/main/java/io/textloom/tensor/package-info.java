/** Element types, pooling and vector maths on flat {@code float[]}. */
@NullMarked
package io.textloom.tensor;

import org.jspecify.annotations.NullMarked;
