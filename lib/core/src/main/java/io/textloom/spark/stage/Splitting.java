package io.textloom.spark.stage;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;

/**
 * How a stage does a document in parts, on many tasks. Only documents so large that one of them would hold up its task go this way; their rows must be
 * those that {@link Stage.Work} would make of them.
 *
 * <p>A document is cut by a {@link Cutter} in one task, its parts are computed by {@link PartWork} in tasks between which they are spread evenly by tokens,
 * and a {@link Joiner} makes the document's rows in the task that commits it. If the cutter or any part rejects, the document is rejected, once, and not
 * joined. Travels to executors, so it holds options only.
 */
public interface Splitting extends Serializable {
    /** Tokens of one part, at most; a part of one window may be longer. */
    int PART_TOKENS = 16_384;

    /** Opened in a task that holds a large document. */
    Cutter openCutter(Configuration conf);

    /** Opened in a task that computes parts. */
    PartWork openParts(Configuration conf);

    /** Opened in a task that commits a large document; needs no model as a rule. */
    Joiner openJoiner(Configuration conf);

    /** Cuts documents, one after another. May hold one document's text and token ids. */
    interface Cutter extends AutoCloseable {
        Cut cut(Document document);

        /** Counts of all that was done so far, such as time in the tokenizer; tokens that parts will count are left out. */
        Meter meter();

        @Override
        void close();
    }

    /** Computes parts of many documents. */
    interface PartWork extends AutoCloseable {
        /** @return one result for each part, in the order of the parts; may read ahead to fill its batches */
        Iterator<PartResult> run(Iterator<Part> parts);

        /** Counts of all that was done so far. */
        Meter meter();

        @Override
        void close();
    }

    /** Makes rows of the results of a document's parts. */
    interface Joiner extends AutoCloseable {
        /**
         * @param results what the parts gave, in the document's order; read from disk as they are asked for
         * @return the document's outcomes, as {@link Stage.Work} would give them; read to their end before the next document is joined
         */
        Iterator<Outcome> join(Document document, Iterator<byte[]> results);

        /** Counts of what only the whole document shows, such as dropped tokens and truncated rows; what parts counted is left out. */
        Meter meter();

        @Override
        void close();
    }
}
