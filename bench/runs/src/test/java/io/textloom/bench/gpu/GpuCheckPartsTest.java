package io.textloom.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderRequest;
import io.textloom.runtime.EncoderSession;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuCheckPartsTest {
    private static final int VOCABULARY = RandomBert.Shape.TOY.spec.vocabulary();

    @TempDir
    Path dir;

    @Test
    void bertBaseTakes189MegaflopATokenAt512() {
        assertThat(RandomBert.Shape.BASE.spec.flops(512) / 512).isCloseTo(189e6, within(0.5e6));
    }

    @Test
    void goalsAreTheSharesOfThePeakThatTheyClaim() {
        double flops = RandomBert.Shape.BASE.spec.flops(512) / 512;
        assertThat(Goal.GOAL.tokensPerSecond * flops / 1e12 / Goal.PEAK_TFLOPS).isCloseTo(0.40, within(0.01));
        assertThat(Goal.LEAST.tokensPerSecond * flops / 1e12 / Goal.PEAK_TFLOPS).isCloseTo(0.25, within(0.01));
        assertThat(Goal.GOAL.judge(1.8e6)).isEqualTo("goal     2.1 M tokens/s: missed (1.80 M)");
    }

    @Test
    void batchesKeepToTheBudgetAndHoldEveryText() {
        for (Workload workload : Workload.values()) {
            List<TokenBatch> batches = workload.batches(1024, VOCABULARY);
            assertThat(batches).as(workload.title()).allMatch(batch -> batch.size() * batch.maxLength() <= 1024);
        }
        assertThat(Workload.TOKENS_512.batches(1024, VOCABULARY)).hasSize(1);
        assertThat(Workload.RAGGED.batches(1024, VOCABULARY).stream()
                        .mapToInt(TokenBatch::size)
                        .sum())
                .isEqualTo(4096);
    }

    @Test
    void aSessionAgreesWithItselfAndNotWithAnotherModel() throws IOException {
        try (EncoderSession a = open("a", 1);
                EncoderSession same = open("same", 1);
                EncoderSession other = open("other", 2)) {
            assertThat(Parity.of(a, same).least()).isCloseTo(1, within(1e-6));
            assertThat(Parity.of(a, same).holds()).isTrue();
            assertThat(Parity.of(a, other).holds()).isFalse();
        }
    }

    @Test
    void aDecoderAgreesWithItselfWhereverItsKeysAndValuesLie() throws IOException {
        Decoding decoding = Decoding.of(dir, true, Precision.FLOAT32, Device.cudaOnCpu(0), 1, new int[] {1, 3}, 0.01);
        assertThat(decoding.place()).isEqualTo("Cpu memory of gpu 0 (computed by the CPU)");
        assertThat(decoding.parity().equal()).isEqualTo(decoding.parity().tokens());
        assertThat(decoding.parity().holds()).isTrue();
        assertThat(decoding.figures()).hasSize(2).allMatch(figure -> figure.fits() && figure.steps() >= 1);
        assertThat(DecodingReport.lines(decoding, 0)).anyMatch(line -> line.contains("512 of 512 tokens"));
    }

    @Test
    void theBoundOfMemoryIsWhatAStepHasToRead() {
        Decoding.Figure figure = new Decoding.Figure(256, 10, 1.5, 4.8e9, true);
        assertThat(figure.boundMillis(DecodingReport.PEAK_GBS)).isCloseTo(1, within(1e-9));
        assertThat(figure.tokensPerSecond()).isCloseTo(256 / 1.5e-3, within(1e-3));
        Decoding decoding = new Decoding("", new Decoding.Agreement(1, 1, 0), List.of(figure));
        assertThat(DecodingReport.goals(decoding))
                .containsExactly("goal     256 slots within 2 times the bound of memory: reached (1.5)");
    }

    private EncoderSession open(String name, long seed) throws IOException {
        Path folder = Files.createDirectory(dir.resolve(name));
        RandomBert.write(folder, RandomBert.Shape.TOY.spec, seed);
        return EncoderSession.open(ModelFolder.open(folder), EncoderRequest.pooled(Pooling.MEAN, true), Device.CPU, 1);
    }
}
