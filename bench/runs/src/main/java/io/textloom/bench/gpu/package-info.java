/** The check on a machine with a card: parity with the CPU, throughput against the goals. {@code scripts/gpu-check}. */
@NullMarked
package io.textloom.bench.gpu;

import org.jspecify.annotations.NullMarked;
