package io.textloom.spark.intake;

/**
 * How much one task is given where the user does not say into how many the rows go.
 *
 * @param bytes source text per task; unit: bytes
 * @param everyCore whether there are at least as many tasks as cores; without, the cut depends on the input alone
 */
public record TaskSize(long bytes, boolean everyCore) {
    /** So that a task's rows fit in memory, and progress shows. */
    public static final TaskSize SMALL = new TaskSize(4L << 20, true);

    private static final int MAX_TASKS = 100_000;

    /** From so many rounds of tasks on, an uneven last round costs little. */
    private static final int ROUNDS = 16;

    public TaskSize {
        if (bytes < 1) {
            throw new IllegalArgumentException("A task of " + bytes + " bytes; expected at least 1");
        }
    }

    int tasks(long inputBytes, int cores) {
        int bySize = (int) Math.min(MAX_TASKS, inputBytes / bytes + 1);
        if (!everyCore || bySize >= (long) ROUNDS * cores) {
            return bySize;
        }
        return (bySize + cores - 1) / cores * cores;
    }
}
