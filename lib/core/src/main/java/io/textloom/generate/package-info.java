/** Decode loop with KV slots, samplers, stop rules. */
@NullMarked
package io.textloom.generate;

import org.jspecify.annotations.NullMarked;
