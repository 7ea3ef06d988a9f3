package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.Weights;
import io.textloom.runtime.Device;
import io.textloom.runtime.RandomGpt2;
import io.textloom.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrefixCacheTest {
    /** A block of 64 tokens takes 64 KiB here: two layers, two heads of 32, keys and values. */
    private static final RandomGpt2 SHAPE = RandomGpt2.small();

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws Exception {
        SHAPE.write(folder);
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT32", "INT8", "INT4"})
    void sharedBeginningsChangeNothingBitForBit(Precision precision) throws Exception {
        List<GenerateRequest> requests = sharing(60, 140);
        GenerateStats with = new GenerateStats();
        GenerateStats without = new GenerateStats();
        assertThat(run(precision, 512, true, requests, with)).isEqualTo(run(precision, 512, false, requests, without));
        assertThat(without.restoredTokens()).isZero();
        assertThat(with.promptTokens()).isEqualTo(without.promptTokens());
        // two blocks of 64 tokens, computed once by one of the lanes and for the prompt that came before the second was
        // known
        assertThat(with.restoredTokens()).isBetween(56L * 128, 59L * 128);
    }

    @Test
    void samplesOfOnePromptShareIt() throws Exception {
        GenerateStats stats = new GenerateStats();
        List<GenerateRequest> one = List.of(new GenerateRequest(0, "a", "p".repeat(130)));
        GenerateOptions options = TestOptions.of(8, 1, 0, 1, 3, 6, List.of(), LongPrompts.ERROR, 4);
        try (GenerativeModel model = open(Precision.FLOAT32, 512, true);
                Generator generator = model.newGenerator(options)) {
            List<GenerateOutcome> outcomes = new ArrayList<>();
            generator.generate(one.iterator(), stats).forEachRemaining(outcomes::add);
            assertThat(outcomes).hasSize(6);
        }
        assertThat(stats.restoredTokens()).isEqualTo(5 * 128);
    }

    @Test
    void nothingIsKeptThatNoOtherPromptBeginsWith() throws Exception {
        List<GenerateRequest> apart = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            apart.add(new GenerateRequest(i, "row-" + i, (char) ('a' + i) + "x".repeat(139)));
        }
        GenerateStats stats = new GenerateStats();
        run(Precision.FLOAT32, 512, true, apart, stats);
        assertThat(stats.restoredTokens()).isZero();
    }

    @Test
    void completionsThatLeaveNoMemoryForAPromptAreRefusedAtOnce() throws Exception {
        try (GenerativeModel model = open(Precision.FLOAT32, 512, true)) {
            model.requireRoom(12);
            assertThatThrownBy(() -> model.requireRoom(SHAPE.spec().positions()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("raise generate.kvMemory");
        }
    }

    private List<GenerateOutcome> run(
            Precision precision, int kvMemory, boolean cache, List<GenerateRequest> requests, GenerateStats stats)
            throws Exception {
        List<GenerateOutcome> outcomes = new ArrayList<>();
        try (GenerativeModel model = open(precision, kvMemory, cache);
                Generator generator =
                        model.newGenerator(TestOptions.of(12, 0.9, 0, 0.95, 5, 1, List.of(), LongPrompts.ERROR, 4))) {
            generator.generate(requests.iterator(), stats).forEachRemaining(outcomes::add);
        }
        return outcomes;
    }

    private GenerativeModel open(Precision precision, int kvMemory, boolean cache) throws Exception {
        return GenerativeModel.open(
                SHAPE.spec(),
                Weights.open(folder),
                new ToyTokenizer(),
                new EngineOptions(precision, 4, kvMemory, cache),
                Device.CPU,
                1,
                2);
    }

    /** Prompts that begin with the same tokens and end with their own. */
    private static List<GenerateRequest> sharing(int count, int shared) {
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(new GenerateRequest(i, "row-" + i, "s".repeat(shared) + i));
        }
        return requests;
    }
}
