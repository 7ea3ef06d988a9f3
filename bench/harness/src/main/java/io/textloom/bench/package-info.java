/** What every benchmark run measures and how it writes it down; knows no engine. */
@NullMarked
package io.textloom.bench;

import org.jspecify.annotations.NullMarked;
