package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private static final List<Integer> ITEMS = IntStream.range(0, 1000).boxed().toList();

    @Test
    void everyItemHasItsStepOnce() throws IOException {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        AtomicInteger steps = new AtomicInteger();
        Together.each(ITEMS, item -> {
            steps.incrementAndGet();
            seen.add(item);
        });
        assertThat(steps).hasValue(ITEMS.size());
        assertThat(seen).hasSize(ITEMS.size());
    }

    @Test
    void stepsAreUnderWayAtTheSameTime() throws IOException {
        CountDownLatch both = new CountDownLatch(2);
        Together.each(List.of(1, 2), item -> {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        assertThat(both.getCount()).isZero();
    }

    @Test
    void aFailureIsThrownAsItIsWhenNoStepIsUnderWay() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger steps = new AtomicInteger();
        assertThatThrownBy(() -> Together.each(ITEMS, item -> {
                    underWay.incrementAndGet();
                    steps.incrementAndGet();
                    try {
                        if (item == 20) {
                            throw new IOException("the store is gone");
                        }
                    } finally {
                        underWay.decrementAndGet();
                    }
                }))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("the store is gone");
        assertThat(underWay).hasValue(0);
        assertThat(steps).hasValueGreaterThan(20);
    }
}
