package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.DecoderSpec;
import io.textloom.model.Safetensors.FloatTensor;
import io.textloom.model.Weights;
import io.textloom.runtime.RandomGpt2;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    private static final RandomGpt2 SHAPE = RandomGpt2.small();

    @TempDir
    static Path folder;

    private static GenerativeModel model;

    @BeforeAll
    static void openModel() throws Exception {
        model = open(folder.resolve("model"), SHAPE, SHAPE.tensors(), new ToyTokenizer());
    }

    @AfterAll
    static void closeModel() {
        model.close();
    }

    @Test
    void greedyContinuousBatchingEqualsOneAtATime() {
        List<GenerateRequest> requests = requests(300);
        GenerateOptions options = options(24, 0, 0, 1, 1, 8);
        List<GenerateOutcome> together = run(options, requests);
        assertThat(together).isEqualTo(oneAtATime(options, requests));
        assertThat(texts(together).size()).isGreaterThan(200);
        assertThat(together)
                .extracting(o -> ((Generated) o).finishReason())
                .contains(FinishReason.STOP, FinishReason.LENGTH);
    }

    @Test
    void seededContinuousBatchingEqualsOneAtATime() {
        List<GenerateRequest> requests = requests(200);
        GenerateOptions options = options(24, 0.9, 40, 0.95, 2, 8);
        assertThat(run(options, requests)).isEqualTo(oneAtATime(options, requests));
    }

    @Test
    void slotsLanesAndTheOrderOfRowsChangeNoText() throws Exception {
        List<GenerateRequest> requests = requests(60);
        List<GenerateOutcome> expected = run(options(24, 1, 0, 0.9, 1, 8), requests);
        for (int slots : new int[] {1, 3, 17}) {
            try (GenerativeModel other = open(
                    folder.resolve("slots" + slots), SHAPE, SHAPE.tensors(), new ToyTokenizer(), slots, slots % 4)) {
                // the sum that log-probabilities are divided by is added up otherwise for one row than for several
                assertThat(completions(run(other, options(24, 1, 0, 0.9, 1, slots), requests, new GenerateStats())))
                        .isEqualTo(completions(expected));
            }
        }
        List<GenerateRequest> reversed = new ArrayList<>(requests);
        java.util.Collections.reverse(reversed);
        assertThat(run(options(24, 1, 0, 0.9, 1, 8), reversed)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void outcomesComeInTheOrderOfRequestsAndSamples() {
        List<GenerateOutcome> outcomes = run(options(12, 1, 0, 1, 3, 4), requests(50));
        assertThat(outcomes).hasSize(150);
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i).tag()).isEqualTo(i / 3);
            assertThat(((Generated) outcomes.get(i)).sampleIndex()).isEqualTo(i % 3);
        }
    }

    @Test
    void samplesRowsAndSeedsDrawApart() {
        List<GenerateRequest> same = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            same.add(new GenerateRequest(i, "row-" + i, "once"));
        }
        List<GenerateOutcome> outcomes = run(options(24, 1, 0, 1, 2, 8), same);
        assertThat(texts(outcomes)).hasSize(40);
        Set<Long> seeds = new HashSet<>();
        outcomes.forEach(o -> seeds.add(((Generated) o).seed()));
        assertThat(seeds).hasSize(40);
        GenerateOptions other = TestOptions.of(24, 1, 0, 1, 6, 2, List.of(), LongPrompts.TRUNCATE, 8);
        assertThat(texts(run(other, same))).doesNotContainAnyElementsOf(texts(outcomes));
    }

    @Test
    void badRowsAreRejectedInTheirPlaceAndHarmNoOther() throws Exception {
        // the byte N has an embedding that is not a number
        RandomGpt2 untied = new RandomGpt2(64, 2, 2, 160, 259, false, "", 3);
        Map<String, FloatTensor> tensors = untied.tensors();
        tensors.get("wte.weight").values()['N' * 64] = Float.NaN;
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String prompt = switch (i % 5) {
                case 1 -> "";
                case 2 -> "unreadable";
                case 3 -> "No";
                default -> "prompt " + i;
            };
            requests.add(new GenerateRequest(i, "row-" + i, prompt));
        }
        try (GenerativeModel bad = open(folder.resolve("bad"), untied, tensors, new ToyTokenizer())) {
            GenerateOptions options = options(10, 0.8, 0, 0.9, 2, 4);
            List<GenerateOutcome> outcomes = run(bad, options, requests, new GenerateStats());
            List<RejectCode> codes = new ArrayList<>();
            List<GenerateOutcome> good = new ArrayList<>();
            for (GenerateOutcome outcome : outcomes) {
                if (outcome instanceof Rejected rejected) {
                    codes.add(rejected.rejection().code());
                } else {
                    good.add(outcome);
                }
            }
            assertThat(outcomes).extracting(GenerateOutcome::tag).isSorted();
            assertThat(codes.subList(0, 3))
                    .containsExactly(RejectCode.EMPTY_TEXT, RejectCode.TOKENIZER_FAILED, RejectCode.MODEL_FAILED);
            assertThat(codes).hasSize(24);
            requests.removeIf(r -> r.tag() % 5 != 0 && r.tag() % 5 != 4);
            assertThat(good).hasSize(32).isEqualTo(run(bad, options, requests, new GenerateStats()));
        }
    }

    @Test
    void longPromptsKeepTheirEndOrAreRejected() {
        String prompt = "x".repeat(100) + "the end of a long prompt that is kept";
        List<GenerateRequest> request = List.of(new GenerateRequest(7, "a", prompt));
        Generated cut = (Generated) run(options(40, 0, 0, 1, 1, 2), request).get(0);
        assertThat(cut.promptTokens()).isEqualTo(120);
        assertThat(cut.nDropped()).isEqualTo(17);
        assertThat(cut.prompt()).isEqualTo(prompt);
        Generated whole =
                (Generated) run(options(40, 0, 0, 1, 1, 2), List.of(new GenerateRequest(7, "a", prompt.substring(17))))
                        .get(0);
        assertThat(whole.completion()).isEqualTo(cut.completion());
        assertThat(whole.nDropped()).isZero();

        GenerateOptions strict = TestOptions.of(40, 0, 0, 1, 5, 1, List.of(), LongPrompts.ERROR, 2);
        Rejected rejected = (Rejected) run(strict, request).get(0);
        assertThat(rejected.rejection().code()).isEqualTo(RejectCode.TOO_LONG);
        assertThat(rejected.rejection().message()).contains("137").contains("120");
    }

    @Test
    void specialTokensGoBeforeThePromptAndAreNeverCut() throws Exception {
        try (GenerativeModel withStart =
                open(folder.resolve("start"), SHAPE, SHAPE.tensors(), new ToyTokenizer((int) '^'))) {
            List<GenerateRequest> plain = List.of(new GenerateRequest(0, "a", "abc"), new GenerateRequest(1, "b", ""));
            GenerateOptions options = options(40, 0, 0, 1, 1, 2);
            List<GenerateOutcome> outcomes = run(withStart, options, plain, new GenerateStats());
            assertThat(((Generated) outcomes.get(0)).completion())
                    .isEqualTo(((Generated) run(options, List.of(new GenerateRequest(0, "a", "^abc")))
                                    .get(0))
                            .completion());
            assertThat(((Generated) outcomes.get(1)).promptTokens()).isEqualTo(1);

            String tooLong = "y".repeat(150);
            Generated cut = (Generated)
                    run(withStart, options, List.of(new GenerateRequest(0, "a", tooLong)), new GenerateStats())
                            .get(0);
            assertThat(cut.nDropped()).isEqualTo(31);
            assertThat(cut.completion())
                    .isEqualTo(((Generated) run(options, List.of(new GenerateRequest(0, "a", "^" + "y".repeat(119))))
                                    .get(0))
                            .completion());
        }
    }

    @Test
    void optionsThatLeaveNoRoomForAPromptAreRefused() {
        assertThatThrownBy(() -> model.newGenerator(options(160, 0, 0, 1, 1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("generate.maxNewTokens is 160")
                .hasMessageContaining("at most 159");
    }

    @Test
    void requestsArePulledAsOthersBecomeComplete() {
        int[] pulled = {0};
        Iterator<GenerateRequest> all = requests(6000).iterator();
        Iterator<GenerateRequest> counting = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public GenerateRequest next() {
                pulled[0]++;
                return all.next();
            }
        };
        try (Generator generator = model.newGenerator(options(24, 1, 0, 1, 1, 4))) {
            Iterator<GenerateOutcome> outcomes = generator.generate(counting, new GenerateStats());
            assertThat(pulled[0]).isZero();
            outcomes.next();
            assertThat(pulled[0]).isBetween(1, 4096);
            generator.generate(List.<GenerateRequest>of().iterator(), new GenerateStats());
            assertThatThrownBy(outcomes::hasNext).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusedRowsTakeTheirPlaceAndDoNotPileUp() {
        Rejection why = new Rejection(RejectCode.TEMPLATE_FAILED, "no");
        int[] pulled = {0};
        Iterator<GenerateRequest> endless = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public GenerateRequest next() {
                int i = pulled[0]++;
                return i == 1 ? new GenerateRequest(i, "row-1", "good") : GenerateRequest.refused(i, "row-" + i, why);
            }
        };
        try (Generator generator = model.newGenerator(options(8, 0, 0, 1, 1, 8))) {
            Iterator<GenerateOutcome> outcomes = generator.generate(endless, new GenerateStats());
            assertThat(outcomes.next()).isEqualTo(new Rejected(0, why));
            assertThat(pulled[0]).isEqualTo(1);
            assertThat(outcomes.next()).isInstanceOf(Generated.class);
            assertThat(outcomes.next()).isEqualTo(new Rejected(2, why));
            assertThat(pulled[0]).isLessThanOrEqualTo(4096 + 1);
        }
    }

    @Test
    void statsAddUp() {
        GenerateStats stats = new GenerateStats();
        List<GenerateOutcome> outcomes = run(model, options(24, 1, 0, 1, 2, 8), requests(64), stats);
        long prompt = 0;
        long completion = 0;
        for (GenerateOutcome outcome : outcomes) {
            prompt += ((Generated) outcome).promptTokens();
            completion += ((Generated) outcome).completionTokens();
        }
        assertThat(stats.promptTokens()).isEqualTo(prompt);
        assertThat(stats.completionTokens()).isEqualTo(completion);
        // each token comes from a busy slot of a decode call
        assertThat(stats.busySlots()).isEqualTo(completion);
        assertThat(stats.slotSteps()).isBetween(stats.busySlots(), 8 * stats.busySlots());
        assertThat(stats.occupancy()).isBetween(0.5, 1.0);
        assertThat(stats.prefillNanos()).isPositive();
        assertThat(stats.decodeNanos()).isPositive();
        assertThat(stats.samplingNanos()).isPositive();
    }

    private static GenerateOptions options(
            int maxNewTokens, double temperature, int topK, double topP, int samples, int slots) {
        return TestOptions.of(
                maxNewTokens, temperature, topK, topP, 5, samples, List.of(), LongPrompts.TRUNCATE, slots);
    }

    /** Prompts of 1 to 130 bytes, of any bytes that are text. */
    private static List<GenerateRequest> requests(int n) {
        SplittableRandom random = new SplittableRandom(n);
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            StringBuilder prompt = new StringBuilder();
            int length = random.nextInt(8) == 0 ? random.nextInt(60, 131) : random.nextInt(1, 30);
            for (int j = 0; j < length; j++) {
                prompt.append((char) random.nextInt(32, 127));
            }
            requests.add(new GenerateRequest(i, "row-" + i, prompt.toString()));
        }
        return requests;
    }

    private static List<GenerateOutcome> oneAtATime(GenerateOptions options, List<GenerateRequest> requests) {
        List<GenerateOutcome> outcomes = new ArrayList<>();
        try (Generator generator = model.newGenerator(options)) {
            for (GenerateRequest request : requests) {
                generator
                        .generate(List.of(request).iterator(), new GenerateStats())
                        .forEachRemaining(outcomes::add);
            }
        }
        return outcomes;
    }

    private static List<GenerateOutcome> run(GenerateOptions options, List<GenerateRequest> requests) {
        return run(model, options, requests, new GenerateStats());
    }

    private static List<GenerateOutcome> run(
            GenerativeModel model, GenerateOptions options, List<GenerateRequest> requests, GenerateStats stats) {
        List<GenerateOutcome> outcomes = new ArrayList<>();
        try (Generator generator = model.newGenerator(options)) {
            generator.generate(requests.iterator(), stats).forEachRemaining(outcomes::add);
        }
        return outcomes;
    }

    private static List<String> completions(List<GenerateOutcome> outcomes) {
        return outcomes.stream().map(o -> ((Generated) o).completion()).toList();
    }

    private static Set<String> texts(List<GenerateOutcome> outcomes) {
        Set<String> texts = new HashSet<>();
        outcomes.forEach(o -> texts.add(((Generated) o).completion()));
        return texts;
    }

    private static GenerativeModel open(
            Path folder, RandomGpt2 shape, Map<String, FloatTensor> tensors, ToyTokenizer tokenizer) throws Exception {
        return open(folder, shape, tensors, tokenizer, 8, 2);
    }

    private static GenerativeModel open(
            Path folder,
            RandomGpt2 shape,
            Map<String, FloatTensor> tensors,
            ToyTokenizer tokenizer,
            int slots,
            int lanes)
            throws Exception {
        shape.write(folder, tensors);
        // many end tokens, so that the texts of an untrained model have ragged lengths
        com.fasterxml.jackson.databind.node.ObjectNode config = shape.config();
        config.putArray("eos_token_id")
                .add(ToyTokenizer.EOS)
                .add(3)
                .add(77)
                .add(130)
                .add(131)
                .add(132)
                .add(133)
                .add(134);
        return TestOptions.open(DecoderSpec.of(config, config), Weights.open(folder), tokenizer, slots, lanes);
    }
}
