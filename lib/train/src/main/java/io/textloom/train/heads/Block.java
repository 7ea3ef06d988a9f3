package io.textloom.train.heads;

import java.io.Serializable;

/**
 * Examples that are read together.
 *
 * @param file its name
 * @param offset where in the file it begins; unit: bytes
 */
record Block(String file, long offset, int bytes, int examples) implements Serializable {}
