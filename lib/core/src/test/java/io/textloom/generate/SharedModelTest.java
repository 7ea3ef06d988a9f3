package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.Weights;
import io.textloom.runtime.RandomGpt2;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedModelTest {
    private static final GenerateOptions OPTIONS =
            TestOptions.of(60, 1, 0, 0.9, 3, 1, List.of("qq"), LongPrompts.TRUNCATE, 4);

    private final ExecutorService threads = Executors.newFixedThreadPool(3);

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tasksThatShareAModelGetTheTextsOfOneAlone() throws Exception {
        ToyTokenizer tokenizer = new ToyTokenizer();
        try (GenerativeModel model = open(tokenizer)) {
            List<GenerateOutcome> alone = run(model, 0, 60);
            List<Future<List<GenerateOutcome>>> parts = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                int from = part * 20;
                parts.add(threads.submit(() -> run(model, from, from + 20)));
            }
            List<GenerateOutcome> together = new ArrayList<>();
            for (Future<List<GenerateOutcome>> part : parts) {
                together.addAll(part.get());
            }
            assertThat(together).isEqualTo(alone);
            assertThat(tokenizer.closed).isFalse();
        }
        assertThat(tokenizer.closed).isTrue();
    }

    @Test
    void aModelClosedUnderARunningTaskEndsItCleanly() throws Exception {
        GenerativeModel model = open(new ToyTokenizer());
        CountDownLatch started = new CountDownLatch(1);
        Future<List<GenerateOutcome>> task = threads.submit(() -> {
            List<GenerateOutcome> outcomes = new ArrayList<>();
            try (Generator generator = model.newGenerator(OPTIONS)) {
                generator
                        .generate(requests(0, 100_000).iterator(), new GenerateStats())
                        .forEachRemaining(o -> {
                            started.countDown();
                            outcomes.add(o);
                        });
            }
            return outcomes;
        });
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        model.close();
        assertThatThrownBy(task::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aLaneThatEndsFailsItsTaskAndTheNextTaskGetsAnother() throws Exception {
        ToyTokenizer tokenizer = new ToyTokenizer();
        try (GenerativeModel model = open(tokenizer)) {
            List<GenerateOutcome> expected = run(model, 0, 20);
            for (int lane = 0; lane < 3; lane++) {
                tokenizer.failure = new StackOverflowError("on purpose");
                assertThatThrownBy(() -> run(model, 0, 20))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("A lane of the generator ended")
                        .hasMessageContaining("on purpose");
            }
            assertThat(run(model, 0, 20)).isEqualTo(expected);
        }
    }

    private GenerativeModel open(ToyTokenizer tokenizer) throws Exception {
        RandomGpt2 shape = RandomGpt2.small();
        shape.write(folder);
        return TestOptions.open(shape.spec(), Weights.open(folder), tokenizer, 1);
    }

    private static List<GenerateOutcome> run(GenerativeModel model, int from, int to) {
        List<GenerateOutcome> outcomes = new ArrayList<>();
        try (Generator generator = model.newGenerator(OPTIONS)) {
            generator
                    .generate(requests(from, to).iterator(), new GenerateStats())
                    .forEachRemaining(outcomes::add);
        }
        return outcomes;
    }

    private static List<GenerateRequest> requests(int from, int to) {
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = from; i < to; i++) {
            requests.add(new GenerateRequest(i, "row-" + i, "prompt ".repeat(1 + i % 7) + i));
        }
        return requests;
    }
}
