package io.textloom.token;

/** Which of two sequences is cut when both together are too long. */
public enum TruncationStrategy {
    /** The longer one down to the length of the shorter, then both alike. */
    LONGEST_FIRST {
        @Override
        Kept keep(int first, int second, int room) {
            int shorter = Math.min(first, second);
            int shortKept = shorter;
            int longKept = shorter > room ? shorter : Math.max(shorter, room - shorter);
            if (shortKept + longKept > room) {
                shortKept = room / 2;
                longKept = shortKept + room % 2;
            }
            return first > second ? new Kept(longKept, shortKept) : new Kept(shortKept, longKept);
        }
    },
    ONLY_FIRST {
        @Override
        Kept keep(int first, int second, int room) {
            return new Kept(requireRoom(room - second, "second", second, room), second);
        }
    },
    ONLY_SECOND {
        @Override
        Kept keep(int first, int second, int room) {
            return new Kept(first, requireRoom(room - first, "first", first, room));
        }
    };

    /** How many tokens of each sequence stay; unit: tokens. */
    record Kept(int first, int second) {}

    /**
     * For sequences that are longer than {@code room} together; unit: tokens.
     *
     * @throws IllegalArgumentException if the one that is not to be cut leaves no room
     */
    abstract Kept keep(int first, int second, int room);

    private static int requireRoom(int left, String which, int length, int room) {
        if (left < 1) {
            throw new IllegalArgumentException(
                    "The " + which + " sequence has " + length + " tokens and both together may have " + room
                            + "; cut it, too, with longest-first, or raise the limit");
        }
        return left;
    }
}
