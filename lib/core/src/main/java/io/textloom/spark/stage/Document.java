package io.textloom.spark.stage;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * One document as a task holds it.
 *
 * @param kept the kept columns at {@code keptOffset} and after; owned by this document
 */
public record Document(String id, String contentHash, String text, InternalRow kept) {}
