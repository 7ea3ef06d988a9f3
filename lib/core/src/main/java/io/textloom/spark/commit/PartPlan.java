package io.textloom.spark.commit;

import io.textloom.spark.intake.TaskSize;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.spark.Partitioner;

/**
 * Which task computes which part. Parts go to the task with the fewest tokens so far, longest first, and there are no more tasks than the tokens fill with
 * one part of the longest: so none has more than twice the average. The same parts give the same plan. Travels to executors.
 */
final class PartPlan implements Serializable {
    private static final long serialVersionUID = 1;

    /** A guess for any text, to compare with the text of other tasks; unit: bytes per token */
    private static final int BYTES_PER_TOKEN = 4;

    private final int tasks;
    private final int[][] taskOf;
    /** Parts of all partitions before each. */
    private final int[] before;

    private PartPlan(int tasks, int[][] taskOf) {
        this.tasks = tasks;
        this.taskOf = taskOf;
        before = new int[taskOf.length];
        for (int i = 1; i < before.length; i++) {
            before[i] = before[i - 1] + taskOf[i - 1].length;
        }
    }

    /** @param tokens of the parts of each partition, in its order */
    static PartPlan of(List<int[]> tokens, TaskSize size, int cores) {
        long total = 0;
        int longest = 1;
        for (int[] parts : tokens) {
            for (int part : parts) {
                total += part;
                longest = Math.max(longest, part);
            }
        }
        int tasks = (int) Math.max(1, Math.min(total / longest, size.tasks(total * BYTES_PER_TOKEN, cores)));
        return new PartPlan(tasks, spread(tokens, tasks));
    }

    private static int[][] spread(List<int[]> tokens, int tasks) {
        int[][] taskOf = tokens.stream().map(parts -> new int[parts.length]).toArray(int[][]::new);
        PriorityQueue<long[]> loads = new PriorityQueue<>(
                Comparator.<long[]>comparingLong(load -> load[0]).thenComparingLong(load -> load[1]));
        for (int task = 0; task < tasks; task++) {
            loads.add(new long[] {0, task});
        }
        for (Place place : longestFirst(tokens)) {
            long[] least = loads.remove();
            taskOf[place.partition][place.number] = (int) least[1];
            least[0] += place.tokens;
            loads.add(least);
        }
        return taskOf;
    }

    private static Place[] longestFirst(List<int[]> tokens) {
        Place[] places =
                new Place[tokens.stream().mapToInt(parts -> parts.length).sum()];
        int at = 0;
        for (int partition = 0; partition < tokens.size(); partition++) {
            int[] parts = tokens.get(partition);
            for (int number = 0; number < parts.length; number++) {
                places[at++] = new Place(partition, number, parts[number]);
            }
        }
        // the sort is stable, so parts of one length stay in their order
        Arrays.sort(places, Comparator.comparingInt(Place::tokens).reversed());
        return places;
    }

    private record Place(int partition, int number, int tokens) {}

    int tasks() {
        return tasks;
    }

    /** Whether there is nothing to compute. */
    boolean isEmpty() {
        return Arrays.stream(taskOf).allMatch(parts -> parts.length == 0);
    }

    /** What the shuffle sorts by: the task, then the order of the documents. @param partition counted from the first that was planned */
    long key(int partition, int number) {
        int[] parts = taskOf[partition];
        if (number >= parts.length) {
            throw new IllegalStateException("Partition " + partition + " had " + parts.length
                    + " parts of large documents when they were counted and has more now;"
                    + " the input or the tokenizer changes between two readings");
        }
        return (long) parts[number] << Integer.SIZE | (before[partition] + number);
    }

    /** From the keys to the tasks. */
    static final class ToTasks extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int tasks;

        ToTasks(int tasks) {
            this.tasks = tasks;
        }

        @Override
        public int numPartitions() {
            return tasks;
        }

        @Override
        public int getPartition(Object key) {
            return (int) ((Long) key >> Integer.SIZE);
        }
    }
}
