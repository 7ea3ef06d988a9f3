/** llama.cpp's side of the comparison. */
@NullMarked
package io.textloom.bench.llama;

import org.jspecify.annotations.NullMarked;
