/** JMH micro-benchmarks: native sessions and tokenizers. */
@NullMarked
package io.textloom.bench.micro;

import org.jspecify.annotations.NullMarked;
