package io.textloom.spark.stage;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * One document as a task holds it.
 *
 * @param kept the whole input row, for those who know where in it the kept columns are; owned by this document
 */
public record Document(String id, String contentHash, String text, InternalRow kept) {}
