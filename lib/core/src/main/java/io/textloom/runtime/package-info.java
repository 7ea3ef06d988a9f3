/** Graphs built from weights and the native sessions that run them; the only user of ONNX Runtime. */
@NullMarked
package io.textloom.runtime;

import org.jspecify.annotations.NullMarked;
