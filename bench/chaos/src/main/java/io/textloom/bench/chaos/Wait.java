package io.textloom.bench.chaos;

import java.io.IOException;
import java.time.Duration;

/** Waits for what other processes do. */
final class Wait {
    private Wait() {}

    /** A condition that may have to read something. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /** @return false if {@code still} ended, or the time was up, before the condition held */
    static boolean until(Condition condition, Condition still, Duration patience, long pollMillis)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (!still.holds() || System.nanoTime() - deadline > 0) {
                return condition.holds();
            }
            Thread.sleep(pollMillis);
        }
        return true;
    }
}
