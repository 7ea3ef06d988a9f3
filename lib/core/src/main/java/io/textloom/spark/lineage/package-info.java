/** Where an output comes from: what computed it, without secrets, and the events that tell a lineage service of it. */
@NullMarked
package io.textloom.spark.lineage;

import org.jspecify.annotations.NullMarked;
