package io.textloom.spark.stage;

import io.textloom.text.Rejection;

/** What became of a document, or of one window or sample of it. */
public sealed interface Outcome {
    Document document();

    /** The document did not get through this stage. */
    record Rejected(Document document, Rejection rejection) implements Outcome {}

    /** One output row. */
    final class Produced implements Outcome {
        private final Document document;
        private final Object[] values;
        private final boolean last;

        /**
         * @param values Catalyst values in the order of the stage's columns; owned by this object
         * @param last whether this is the document's last row
         */
        public Produced(Document document, Object[] values, boolean last) {
            this.document = document;
            this.values = values;
            this.last = last;
        }

        @Override
        public Document document() {
            return document;
        }

        public Object[] values() {
            return values;
        }

        public boolean last() {
            return last;
        }
    }
}
