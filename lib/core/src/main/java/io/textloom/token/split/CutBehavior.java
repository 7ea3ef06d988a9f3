package io.textloom.token.split;

/** What becomes of the matches of a pattern that a text is cut at. Source: {@code SplitDelimiterBehavior} of tokenizers 0.23.3. */
public enum CutBehavior {
    /** Matches are dropped. */
    REMOVED {
        @Override
        void add(Pieces pieces, int first, int from, int to, boolean match, boolean matchBefore) {
            if (!match) {
                pieces.add(from, to);
            }
        }
    },
    /** Every match is a piece. */
    ISOLATED {
        @Override
        void add(Pieces pieces, int first, int from, int to, boolean match, boolean matchBefore) {
            pieces.add(from, to);
        }
    },
    /** Neighbouring matches are one piece. */
    CONTIGUOUS {
        @Override
        void add(Pieces pieces, int first, int from, int to, boolean match, boolean matchBefore) {
            if (match == matchBefore && pieces.size() > first) {
                pieces.extendLast(to);
            } else {
                pieces.add(from, to);
            }
        }
    },
    /** A match goes to the piece before it, unless that is a match. */
    MERGED_WITH_PREVIOUS {
        @Override
        void add(Pieces pieces, int first, int from, int to, boolean match, boolean matchBefore) {
            if (match && !matchBefore && pieces.size() > first) {
                pieces.extendLast(to);
            } else {
                pieces.add(from, to);
            }
        }
    },
    /** A match goes to the piece behind it, unless that is a match. */
    MERGED_WITH_NEXT {
        @Override
        void add(Pieces pieces, int first, int from, int to, boolean match, boolean matchBefore) {
            if (!match && matchBefore) {
                pieces.extendLast(to);
            } else {
                pieces.add(from, to);
            }
        }
    };

    /**
     * Takes the matches and what is between them in order; none is empty.
     *
     * @param first number of pieces that were there before this text
     * @param matchBefore whether the one before was a match; false for the first
     */
    abstract void add(Pieces pieces, int first, int from, int to, boolean match, boolean matchBefore);
}
