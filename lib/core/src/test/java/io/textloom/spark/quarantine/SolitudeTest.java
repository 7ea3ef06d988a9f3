package io.textloom.spark.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SolitudeTest {
    private final ExecutorService others = Executors.newFixedThreadPool(3);

    @AfterEach
    void end() {
        others.shutdownNow();
    }

    @Test
    void othersStandStillWhileOneIsAlone() throws Exception {
        Solitude solitude = new Solitude(60);
        AtomicInteger computing = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(3);
        Runnable task = () -> {
            try (Solitude.Member member = solitude.new Member()) {
                while (!done.get()) {
                    member.makeRoom();
                    computing.incrementAndGet();
                    begun.countDown();
                    Thread.onSpinWait();
                    computing.decrementAndGet();
                }
            }
        };
        Future<?>[] running = {others.submit(task), others.submit(task), others.submit(task)};
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        try (Solitude.Member one = solitude.new Member()) {
            for (int i = 0; i < 20; i++) {
                assertThat(one.leaveOthers()).isTrue();
                for (int look = 0; look < 1000; look++) {
                    assertThat(computing.get()).isZero();
                }
                one.joinOthers();
            }
        }
        done.set(true);
        for (Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoCannotBeAloneGoesOnAndSaysSo() throws Exception {
        Solitude solitude = new Solitude(0);
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch out = new CountDownLatch(1);
        Future<?> other = others.submit(() -> {
            try (Solitude.Member member = solitude.new Member()) {
                in.countDown();
                return out.await(60, TimeUnit.SECONDS);
            }
        });
        assertThat(in.await(60, TimeUnit.SECONDS)).isTrue();
        try (Solitude.Member one = solitude.new Member()) {
            assertThat(one.leaveOthers()).isFalse();
            one.joinOthers();
            out.countDown();
            other.get(60, TimeUnit.SECONDS);
            assertThat(one.leaveOthers()).isTrue();
        }
    }
}
