package io.textloom.spark.intake;

/**
 * How much one task is given where the user does not say into how many the rows go.
 *
 * @param bytes source text per task; unit: bytes
 * @param everyCore whether there are at least as many tasks as cores; without, the cut depends on the input alone
 * @param leastBytes what a task holds at least where it is made smaller than {@code bytes} so that every core has several; unit: bytes
 */
public record TaskSize(long bytes, boolean everyCore, long leastBytes) {
    /** So that a task's rows fit in memory, and progress shows. */
    public static final TaskSize SMALL = new TaskSize(4L << 20, true);

    /** For work that takes much longer than reading: several tasks per core, so that the last ones end together, of a thousand short texts or more. */
    public static final TaskSize SEVERAL_PER_CORE = new TaskSize(4L << 20, true, 512L << 10);

    private static final int MAX_TASKS = 100_000;

    /** From so many rounds of tasks on, an uneven last round costs little. */
    private static final int ROUNDS = 16;

    /** Tasks per core, where these are large enough. */
    private static final int SEVERAL = 4;

    public TaskSize {
        if (bytes < 1) {
            throw new IllegalArgumentException("A task of " + bytes + " bytes; expected at least 1");
        }
        if (leastBytes < 1 || leastBytes > bytes) {
            throw new IllegalArgumentException(
                    "A task of at least " + leastBytes + " bytes; expected 1 to the " + bytes + " of a whole one");
        }
    }

    /** Of tasks that are made no smaller than {@code bytes} but to give every core one. */
    public TaskSize(long bytes, boolean everyCore) {
        this(bytes, everyCore, bytes);
    }

    /** How many tasks work of {@code inputBytes} of text is for. */
    public int tasks(long inputBytes, int cores) {
        long bySize = Math.min(MAX_TASKS, inputBytes / bytes + 1);
        if (!everyCore || bySize >= (long) ROUNDS * cores) {
            return (int) bySize;
        }
        long several = Math.min((long) SEVERAL * cores, inputBytes / leastBytes);
        return (int) ((Math.max(bySize, several) + cores - 1) / cores * cores);
    }
}
