/** JMH micro-benchmarks of the native sessions. */
@NullMarked
package io.textloom.bench.micro;

import org.jspecify.annotations.NullMarked;
