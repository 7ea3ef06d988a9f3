package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.Weights;
import io.textloom.runtime.LimitedMemory;
import io.textloom.runtime.RandomGpt2;
import io.textloom.tensor.Precision;
import io.textloom.text.RejectCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a card that has no room for more than rows of 128 tokens: keys and values of two layers. */
@Timeout(120)
class LittleMemoryTest {
    private static final RandomGpt2 SHAPE = RandomGpt2.small();
    private static final int AREAS = 4;

    @TempDir
    Path folder;

    @Test
    void rowsThatNeedMoreThanThereIsAreRejectedAndHarmNoOther() throws Exception {
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            // every fourth outgrows the memory as it is decoded, every eighth has a prompt that does
            int length = i % 8 == 3 ? 135 : i % 4 == 3 ? 110 : 5 + i;
            requests.add(new GenerateRequest(i, "row-" + i, "p".repeat(length)));
        }
        List<GenerateOutcome> whole = run(Integer.MAX_VALUE, false, requests);
        assertThat(whole).hasSize(40).allMatch(o -> o instanceof Generated);
        List<GenerateOutcome> some = run(AREAS, false, requests);
        assertThat(some).hasSize(40);
        for (int i = 0; i < some.size(); i++) {
            if (i % 4 == 3) {
                assertThat(((Rejected) some.get(i)).rejection().code()).isEqualTo(RejectCode.OUT_OF_MEMORY);
            } else {
                assertThat(some.get(i)).isEqualTo(whole.get(i));
            }
        }
    }

    @Test
    void aSharedBeginningThatCannotBeKeptIsComputedForEachRow() throws Exception {
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            requests.add(new GenerateRequest(i, "row-" + i, "s".repeat(70) + i));
        }
        assertThat(run(AREAS, true, requests)).isEqualTo(run(Integer.MAX_VALUE, true, requests));
    }

    private List<GenerateOutcome> run(int areas, boolean prefixCache, List<GenerateRequest> requests) throws Exception {
        SHAPE.write(folder);
        EngineOptions engine = new EngineOptions(Precision.FLOAT32, 4, 512, prefixCache);
        GenerateOptions options = TestOptions.of(24, 0.9, 0, 1, 3, 1, List.of(), LongPrompts.ERROR, 4);
        List<GenerateOutcome> outcomes = new ArrayList<>();
        try (GenerativeModel model = new GenerativeModel(
                        SHAPE.spec(),
                        new ToyTokenizer(),
                        LimitedMemory.session(SHAPE.spec(), Weights.open(folder), areas),
                        engine,
                        1);
                Generator generator = model.newGenerator(options)) {
            generator.generate(requests.iterator(), new GenerateStats()).forEachRemaining(outcomes::add);
        }
        return outcomes;
    }
}
