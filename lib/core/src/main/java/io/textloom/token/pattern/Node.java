package io.textloom.token.pattern;

import java.util.List;

/** A part of a regular expression. */
sealed interface Node {
    /** One past any real length. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** Whether it may match without a character. */
    boolean canBeEmpty();

    record One(CharSet set) implements Node {
        @Override
        public boolean canBeEmpty() {
            return false;
        }
    }

    record Chain(List<Node> parts) implements Node {
        @Override
        public boolean canBeEmpty() {
            return parts.stream().allMatch(Node::canBeEmpty);
        }
    }

    record Choice(List<Node> ways) implements Node {
        @Override
        public boolean canBeEmpty() {
            return ways.stream().anyMatch(Node::canBeEmpty);
        }
    }

    /** @param possessive whether what was taken is never given back */
    record Repeat(Node part, int min, int max, boolean possessive) implements Node {
        @Override
        public boolean canBeEmpty() {
            return min == 0 || part.canBeEmpty();
        }
    }

    /** What must, or must not, follow. */
    record Ahead(Node part, boolean negative) implements Node {
        @Override
        public boolean canBeEmpty() {
            return true;
        }
    }
}
