package io.textloom.prompt.jinja;

/**
 * How much one rendering may do. Counted in steps, not in seconds, so that whether a row fails does not depend on the machine.
 *
 * @param output longest text; unit: characters
 * @param steps expressions and statements evaluated, and values and characters made, together
 * @param depth macros and recursive loops inside each other
 */
public record Limits(int output, long steps, int depth) {
    /** 64 million characters, about a second of work, 100 levels. */
    public static final Limits DEFAULT = new Limits(64 << 20, 200_000_000, 100);

    public Limits {
        if (output < 1 || steps < 1 || depth < 1) {
            throw new IllegalArgumentException(
                    "Limits are " + output + ", " + steps + ", " + depth + "; expected at least 1 of each");
        }
    }
}
