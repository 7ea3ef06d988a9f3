package io.textloom.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AheadTest {
    /** Long enough for a job to start that must not; unit: ms */
    private static final int A_WHILE = 200;

    @Test
    void aJobThatIsAskedForWaitsForALaterOneThatRunsAhead() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(1);
        try (Ahead ahead = new Ahead("ahead")) {
            Ahead.Result<Integer> first = ahead.run(false, () -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                return running.decrementAndGet();
            });
            Ahead.Result<Integer> second = ahead.run(true, () -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                started.countDown();
                pause();
                return running.decrementAndGet();
            });
            started.await();
            first.get();
            second.get();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void closingWaitsForTheJobOfATaskThatIsKilled() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        Ahead ahead = new Ahead("ahead");
        ahead.run(true, () -> {
            started.countDown();
            pause();
            ended.set(true);
            return 1;
        });
        started.await();
        Thread.currentThread().interrupt();
        ahead.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended).isTrue();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(A_WHILE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
