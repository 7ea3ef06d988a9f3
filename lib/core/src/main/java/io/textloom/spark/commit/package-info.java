/** Durable task output, ledger, journal and manifest. */
@NullMarked
package io.textloom.spark.commit;

import org.jspecify.annotations.NullMarked;
