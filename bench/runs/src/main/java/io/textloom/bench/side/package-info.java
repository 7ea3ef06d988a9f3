/** What the side-by-side runs share: the programs they start, the machine, prose to make texts of, medians. */
@NullMarked
package io.textloom.bench.side;

import org.jspecify.annotations.NullMarked;
