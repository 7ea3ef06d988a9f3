package io.textloom.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The short form of scripts/fuzz: every seed, everything that was ever found, and some thousand inputs made of them, the same in every run. */
class FuzzShortTest {
    private static final int INPUTS = 2000;

    static List<String> names() {
        return FuzzTargets.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void inputsAreTakenOrRefusedWithATypedError(String name) throws Exception {
        FuzzTarget target = FuzzTargets.byName(name);
        Trial trial = new Trial(target, false);
        Corpus corpus = Corpus.of(target);
        for (Path file : Corpus.files(target)) {
            byte[] seed = Files.readAllBytes(file);
            trial.judge(seed); // loads classes, which would count as allocation
            Verdict verdict = trial.judge(seed);
            assertThat(verdict.fault()).as(file + " " + verdict.detail()).isEqualTo(Verdict.Fault.NONE);
            corpus.offer(seed, verdict);
        }
        Mutator mutator = new Mutator(target.shape(), 20261122, Corpus.dictionary(target));
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = mutator.next(corpus.inputs());
            Verdict verdict = trial.judge(input);
            if (verdict.broken()) {
                byte[] small = Minimizer.minimize(trial, input, verdict);
                assertThat(verdict.fault())
                        .as("input " + i + " " + verdict.detail() + ": "
                                + new String(small, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .isEqualTo(Verdict.Fault.NONE);
            }
            corpus.offer(input, verdict);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSameSeedMakesTheSameInputs(String name) throws Exception {
        FuzzTarget target = FuzzTargets.byName(name);
        List<byte[]> seeds = Corpus.of(target).inputs();
        Mutator one = new Mutator(target.shape(), 3, Corpus.dictionary(target));
        Mutator other = new Mutator(target.shape(), 3, Corpus.dictionary(target));
        for (int i = 0; i < 50; i++) {
            assertThat(one.next(seeds)).isEqualTo(other.next(seeds)).hasSizeLessThan(2 * Mutator.MAX_INPUT);
        }
    }
}
