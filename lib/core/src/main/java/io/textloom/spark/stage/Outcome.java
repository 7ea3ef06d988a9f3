package io.textloom.spark.stage;

import io.textloom.text.Rejection;

/** What became of a document, or a row that came of one or several. */
public sealed interface Outcome {
    /** The document did not get through this stage. */
    record Rejected(Document document, Rejection rejection) implements Outcome {}

    /** The document is done; its content went into {@link Packed} rows. */
    record Taken(Document document) implements Outcome {}

    /** One output row of one document. */
    final class Produced implements Outcome {
        private final Document document;
        private final Object[] values;
        private final int tokens;
        private final boolean last;

        /**
         * @param values Catalyst values in the order of the stage's columns; owned by this object
         * @param tokens what the row counts for in the size of its file
         * @param last whether this is the document's last row, which makes it done
         */
        public Produced(Document document, Object[] values, int tokens, boolean last) {
            this.document = document;
            this.values = values;
            this.tokens = tokens;
            this.last = last;
        }

        public Document document() {
            return document;
        }

        public Object[] values() {
            return values;
        }

        public int tokens() {
            return tokens;
        }

        public boolean last() {
            return last;
        }
    }

    /** One output row that holds pieces of several documents; it may come before or after these are {@link Taken}. */
    final class Packed implements Outcome {
        private final Object[] values;
        private final int tokens;

        /**
         * @param values Catalyst values in the order of the stage's columns; owned by this object
         * @param tokens what the row counts for in the size of its file
         */
        public Packed(Object[] values, int tokens) {
            this.values = values;
            this.tokens = tokens;
        }

        public Object[] values() {
            return values;
        }

        public int tokens() {
            return tokens;
        }
    }
}
