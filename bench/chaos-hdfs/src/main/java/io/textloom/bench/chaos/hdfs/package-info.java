/** Runs jobs in processes of their own, does them harm, and counts what became of the rows. */
@org.jspecify.annotations.NullMarked
package io.textloom.bench.chaos.hdfs;
