package io.textloom.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.runtime.Device;
import io.textloom.spark.stage.ExecutorModels.Lease;
import io.textloom.spark.stage.ExecutorModels.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExecutorModelsTest {
    private final ExecutorModels models = new ExecutorModels();

    private record Key(String model, Device device) {}

    private static final class Engine implements AutoCloseable {
        boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void tasksOfOneGpuShareItsEngineAndNoOther() throws Exception {
        List<Key> keys = List.of(new Key("bert", Device.cudaOnCpu(0)), new Key("bert", Device.cudaOnCpu(1)));
        ExecutorService tasks = Executors.newFixedThreadPool(8);
        CountDownLatch allHold = new CountDownLatch(8);
        List<Future<Engine>> engines = new ArrayList<>();
        for (int task = 0; task < 8; task++) {
            Key key = keys.get(task % 2);
            engines.add(tasks.submit(() -> {
                try (Lease<Engine> lease = lease(key)) {
                    allHold.countDown();
                    assertThat(allHold.await(60, TimeUnit.SECONDS)).isTrue();
                    return lease.model();
                }
            }));
        }
        for (int task = 2; task < 8; task++) {
            assertThat(engines.get(task).get())
                    .isSameAs(engines.get(task % 2).get())
                    .isNotSameAs(engines.get((task + 1) % 2).get());
        }
        tasks.shutdown();
        assertThat(models.use(keys.get(0))).isEqualTo(new Use(1, 4, 0));
        assertThat(models.use(keys.get(1))).isEqualTo(new Use(1, 4, 0));
        assertThat(models.opened()).isEqualTo(2);
    }

    @Test
    void idleEnginesOfManyGpusStayOpen() {
        List<Engine> engines = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (int gpu = 0; gpu < 8; gpu++) {
                try (Lease<Engine> lease = lease(new Key("bert", Device.cudaOnCpu(gpu)))) {
                    engines.add(lease.model());
                }
            }
        }
        assertThat(engines).noneMatch(engine -> engine.closed);
        assertThat(models.opened()).isEqualTo(8);
    }

    @Test
    void theThirdIdleModelOfADeviceClosesTheOldest() {
        List<Engine> engines = new ArrayList<>();
        for (String model : List.of("a", "b", "c")) {
            try (Lease<Engine> lease = lease(new Key(model, Device.CPU))) {
                engines.add(lease.model());
            }
        }
        assertThat(engines).extracting(engine -> engine.closed).containsExactly(true, false, false);
        lease(new Key("a", Device.CPU)).close();
        assertThat(models.use(new Key("a", Device.CPU))).isEqualTo(new Use(2, 2, 0));
    }

    @Test
    void aModelInUseIsCountedAndStaysOpen() {
        Key key = new Key("bert", Device.CPU);
        try (Lease<Engine> lease = lease(key)) {
            for (String other : List.of("a", "b", "c", "d")) {
                lease(new Key(other, Device.CPU)).close();
            }
            assertThat(models.use(key)).isEqualTo(new Use(1, 1, 1));
            assertThat(lease.model().closed).isFalse();
        }
        assertThat(models.use(key).inUse()).isZero();
    }

    @Test
    void aModelThatDoesNotOpenIsNotInUse() {
        Key key = new Key("bert", Device.cuda(0));
        assertThatThrownBy(() -> models.lease(key, key.device(), Engine.class, () -> {
                    throw new IllegalArgumentException("no provider");
                }))
                .hasMessage("no provider");
        assertThat(models.use(key)).isEqualTo(new Use(0, 1, 0));
    }

    private Lease<Engine> lease(Key key) {
        return models.lease(key, key.device(), Engine.class, Engine::new);
    }
}
