package io.textloom.prompt;

import io.textloom.text.Rejection;

/** What became of a row. */
public sealed interface PromptResult {
    /** A prompt with its tokens. */
    final class Built implements PromptResult {
        private final String text;
        private final int[] ids;
        private final int dropped;

        Built(String text, int[] ids, int dropped) {
            this.text = text;
            this.ids = ids;
            this.dropped = dropped;
        }

        public String text() {
            return text;
        }

        /** The caller's to keep. */
        public int[] ids() {
            return ids;
        }

        /** Tokens that the prompt would have had more, had there been room. */
        public int dropped() {
            return dropped;
        }
    }

    record Refused(Rejection rejection) implements PromptResult {}
}
