package io.textloom.spark.train;

import io.textloom.token.train.WordSplitter;
import java.io.Serializable;

/** Travels to executors and opens there what splits one task's texts. */
@FunctionalInterface
public interface SplitterSource extends Serializable {
    WordSplitter open();
}
