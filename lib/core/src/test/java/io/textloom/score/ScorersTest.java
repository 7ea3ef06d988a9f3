package io.textloom.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.runtime.EncoderStats;
import io.textloom.runtime.InferenceException;
import io.textloom.runtime.TokenBudget;
import io.textloom.text.RejectCode;
import io.textloom.token.LongDocuments;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is cut, shared, counted and rejected. */
class ScorersTest {
    private static final String STORY = "The princess looked at the old man, and the old man looked at the princess. ";
    private static final ScoringModel MODEL = Storyteller.open(DecoderOptions.AUTO, 0);
    private static final ScoringModel NARROW = Storyteller.open(DecoderOptions.AUTO, 24);
    private static final ScoringModel BARE = Storyteller.open(DecoderOptions.NONE, 0);

    @AfterAll
    static void close() {
        MODEL.close();
        NARROW.close();
        BARE.close();
    }

    @Test
    void batchMatesChangeNothing() {
        List<Scorable> texts = new ArrayList<>();
        for (int i = 1; i < 40; i++) {
            texts.add(new Scorable(STORY.repeat(1 + i % 7).substring(i), Optional.empty()));
        }
        try (LikelihoodScorer scorer = new LikelihoodScorer(MODEL, LikelihoodOptions.defaults())) {
            List<LikelihoodOutcome> together = scorer.score(texts, new EncoderStats());
            for (int i = 0; i < texts.size(); i++) {
                LikelihoodOutcome.Scored alone = (LikelihoodOutcome.Scored)
                        scorer.score(List.of(texts.get(i)), new EncoderStats()).get(0);
                LikelihoodOutcome.Scored found = (LikelihoodOutcome.Scored) together.get(i);
                for (int t = 0; t < alone.tokens(); t++) {
                    assertThat(found.logprobs()[t]).isCloseTo(alone.logprobs()[t], within(1e-5f));
                }
                assertThat(found.logprob() / found.tokens()).isCloseTo(alone.logprob() / alone.tokens(), within(1e-6));
            }
        }
    }

    @Test
    void everyTokenAndByteOfALongTextCountsOnce() {
        int tokens = MODEL.tokenizer().encode(STORY.repeat(9)).length;
        for (int stride : new int[] {-1, 0, 1, 23}) {
            LikelihoodOutcome.Scored scored =
                    scored(NARROW, options(stride, LongDocuments.CHUNK), STORY.repeat(9), Optional.empty());
            assertThat(scored.tokens()).isEqualTo(tokens);
            assertThat(scored.bytes()).isEqualTo(9 * STORY.length());
            assertThat(scored.dropped()).isZero();
        }
    }

    @Test
    void moreContextMakesALongTextLikelier() {
        double apart = scored(NARROW, options(0, LongDocuments.CHUNK), STORY.repeat(9), Optional.empty())
                .logprob();
        double overlapping = scored(NARROW, options(23, LongDocuments.CHUNK), STORY.repeat(9), Optional.empty())
                .logprob();
        assertThat(overlapping).isGreaterThan(apart);
    }

    @Test
    void whatIsCutIsCounted() {
        int tokens = MODEL.tokenizer().encode(STORY.repeat(9)).length;
        LikelihoodOutcome.Scored cut =
                scored(NARROW, options(-1, LongDocuments.TRUNCATE), STORY.repeat(9), Optional.empty());
        assertThat(cut.tokens()).isEqualTo(24);
        assertThat(cut.dropped()).isEqualTo(tokens - 24);
        assertThat(cut.bytes())
                .isEqualTo(MODEL.tokenizer().decode(cut.ids(), 0, 24).length());
        assertThat(rejected(NARROW, options(-1, LongDocuments.ERROR), STORY.repeat(9), Optional.empty()))
                .isEqualTo(RejectCode.TOO_LONG);
    }

    @Test
    void aLongContextIsCutAtItsBeginning() {
        LikelihoodOutcome.Scored whole = scored(
                MODEL,
                options(-1, LongDocuments.CHUNK),
                " The end.",
                Optional.of(STORY.repeat(3).strip()));
        LikelihoodOutcome.Scored cut = scored(
                NARROW,
                options(-1, LongDocuments.CHUNK),
                " The end.",
                Optional.of(STORY.repeat(3).strip()));
        assertThat(cut.ids()).isEqualTo(whole.ids());
        int context = MODEL.tokenizer().encode(STORY.repeat(3).strip()).length;
        // the last token is not read
        assertThat(cut.dropped()).isEqualTo(context + cut.tokens() - 1 - 24);
        assertThat(whole.dropped()).isZero();
        assertThat(cut.bytes()).isEqualTo(" The end.".length());
    }

    @Test
    void aContinuationLongerThanTheWindowIsReadInWindows() {
        LikelihoodOutcome.Scored scored = scored(
                NARROW,
                options(8, LongDocuments.CHUNK),
                " " + STORY.repeat(4),
                Optional.of(STORY.repeat(3).strip()));
        assertThat(scored.bytes()).isEqualTo(1 + 4 * STORY.length());
        int context = MODEL.tokenizer().encode(STORY.repeat(3).strip()).length;
        // the first scored token has the overlap and the token before it
        assertThat(scored.dropped()).isEqualTo(context - 9);
    }

    @Test
    void withoutAStartTokenTheFirstTokenIsContext() {
        LikelihoodOutcome.Scored scored = scored(BARE, options(-1, LongDocuments.CHUNK), "The king", Optional.empty());
        assertThat(scored.tokens()).isEqualTo(1);
        assertThat(scored.bytes()).isEqualTo(" king".length());
        assertThat(rejected(BARE, options(-1, LongDocuments.CHUNK), "The", Optional.empty()))
                .isEqualTo(RejectCode.NOTHING_TO_SCORE);
        assertThat(scored(MODEL, options(-1, LongDocuments.CHUNK), "The", Optional.empty())
                        .tokens())
                .isEqualTo(1);
    }

    @Test
    void charactersOverSeveralTokensCountByTheirBytes() {
        assertThat(scored(MODEL, options(-1, LongDocuments.CHUNK), "龍 😀", Optional.empty())
                        .bytes())
                .isEqualTo(8);
        assertThat(scored(MODEL, options(-1, LongDocuments.CHUNK), " 😀", Optional.of("龍"))
                        .bytes())
                .isEqualTo(5);
    }

    @Test
    void choicesOfOneTokenShareOnePass() {
        EncoderStats stats = new EncoderStats();
        ChoiceOptions options = choices(List.of("man", "king", "day"), ChoiceScore.RAW);
        try (ChoiceScorer scorer = new ChoiceScorer(MODEL, options)) {
            ChoiceOutcome.Scored scored =
                    (ChoiceOutcome.Scored) score(scorer, STORY + "The old", options.choices(), stats);
            assertThat(scored.tokens()).isEqualTo(3);
        }
        assertThat(stats.tokens()).isEqualTo(1 + MODEL.tokenizer().encode(STORY + "The old").length);
    }

    @Test
    void aChoiceThatBeginsAnotherIsScoredAsItIsAlone() {
        List<String> nested = List.of("king", "king and queen", "king and queen of the land");
        try (ChoiceScorer scorer = new ChoiceScorer(MODEL, choices(nested, ChoiceScore.RAW))) {
            ChoiceOutcome.Scored together = (ChoiceOutcome.Scored) score(scorer, "The old", nested, new EncoderStats());
            for (int i = 0; i < nested.size(); i++) {
                ChoiceOutcome.Scored alone =
                        (ChoiceOutcome.Scored) score(scorer, "The old", List.of(nested.get(i)), new EncoderStats());
                assertThat(together.choices().get(i).logprob())
                        .isCloseTo(alone.choices().get(0).logprob(), within(1e-5));
                assertThat(alone.choices().get(0).probability()).isEqualTo(1);
            }
        }
    }

    @Test
    void aTextTooLongForItsChoicesIsCutAtItsBeginning() {
        List<String> two = List.of("king", "king and queen of the land");
        try (ChoiceScorer scorer = new ChoiceScorer(NARROW, choices(two, ChoiceScore.RAW))) {
            ChoiceOutcome.Scored scored =
                    (ChoiceOutcome.Scored) score(scorer, STORY.repeat(3) + "The old", two, new EncoderStats());
            int prompt = MODEL.tokenizer().encode(STORY.repeat(3) + "The old").length;
            assertThat(scored.dropped())
                    .isEqualTo(prompt + scored.choices().get(1).tokens() - 1 - 24);
            assertThat(rejection(score(scorer, "The", Arrays.asList("king", STORY.repeat(3)), new EncoderStats())))
                    .isEqualTo(RejectCode.TOO_LONG);
        }
    }

    @Test
    void rowsWithoutSoundChoicesAreRejected() {
        try (ChoiceScorer scorer = new ChoiceScorer(MODEL, choices(List.of("a", "b"), ChoiceScore.PMI))) {
            List<@Nullable List<@Nullable String>> bad = new ArrayList<>();
            bad.add(null);
            bad.add(List.of());
            bad.add(Arrays.asList("a", null));
            bad.add(List.of("a", " "));
            for (List<@Nullable String> choices : bad) {
                assertThat(rejection(score(scorer, "A text.", choices, new EncoderStats())))
                        .isEqualTo(RejectCode.INVALID_CHOICES);
            }
        }
    }

    @Test
    void onlyTheRowThatFailsAloneIsRejected() {
        PassageRunner failing = new PassageRunner(
                new PassageRunner.Batches() {
                    @Override
                    public void run(TokenBatch batch, int[] places, int[] targets, float[] logprobs, float[] margins) {
                        for (int row = 0; row < batch.size(); row++) {
                            if (batch.length(row) == 3) {
                                throw new InferenceException("no", new IllegalStateException());
                            }
                        }
                        Arrays.fill(logprobs, -1);
                        logprobs[0] = batch.maxLength() == 1 ? Float.NaN : -1;
                    }

                    @Override
                    public double flops(int tokens, int places) {
                        return 1;
                    }
                },
                new TokenBudget(100));
        try (LikelihoodScorer scorer = new LikelihoodScorer(MODEL, failing, LikelihoodOptions.defaults())) {
            List<LikelihoodOutcome> outcomes = scorer.score(
                    List.of(
                            new Scorable("The king", Optional.empty()),
                            new Scorable("The old king", Optional.empty()),
                            new Scorable("The king and queen", Optional.empty())),
                    new EncoderStats());
            assertThat(outcomes.get(0)).isInstanceOf(LikelihoodOutcome.Scored.class);
            assertThat(((LikelihoodOutcome.Rejected) outcomes.get(1))
                            .rejection()
                            .code())
                    .isEqualTo(RejectCode.MODEL_FAILED);
            assertThat(outcomes.get(2)).isInstanceOf(LikelihoodOutcome.Scored.class);
            assertThat(((LikelihoodOutcome.Rejected)
                                    scorer.score(List.of(new Scorable("The", Optional.empty())), new EncoderStats())
                                            .get(0))
                            .rejection()
                            .message())
                    .contains("not finite");
        }
    }

    @Test
    void settingsThatDoNotFitTheModelAreRefused() {
        assertThatThrownBy(() -> Storyteller.open("<nothing>", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score.startToken is <nothing>");
        assertThatThrownBy(() -> Storyteller.open("auto", 513))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes at most 512");
        assertThatThrownBy(() -> LikelihoodScorer.check(NARROW, options(24, LongDocuments.CHUNK)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score.stride is 24 but a window has 24 tokens");
        ChoiceOptions alone = new ChoiceOptions(
                List.of("a", "b"), "", " ", ChoiceScore.PMI, "", "", LongDocuments.CHUNK, DecoderOptions.defaults());
        assertThatThrownBy(() -> ChoiceScorer.check(BARE, alone))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score.pmiContext is empty");
        ChoiceScorer.check(MODEL, alone);
    }

    private static LikelihoodOptions options(int stride, LongDocuments longDocuments) {
        return new LikelihoodOptions("", stride, longDocuments, false, DecoderOptions.defaults());
    }

    private static ChoiceOptions choices(List<String> choices, ChoiceScore score) {
        return new ChoiceOptions(
                choices, "", " ", score, "Answer:", "", LongDocuments.CHUNK, DecoderOptions.defaults());
    }

    private static LikelihoodOutcome outcome(
            ScoringModel model, LikelihoodOptions options, String text, Optional<String> context) {
        try (LikelihoodScorer scorer = new LikelihoodScorer(model, options)) {
            return scorer.score(List.of(new Scorable(text, context)), new EncoderStats())
                    .get(0);
        }
    }

    private static LikelihoodOutcome.Scored scored(
            ScoringModel model, LikelihoodOptions options, String text, Optional<String> context) {
        return (LikelihoodOutcome.Scored) outcome(model, options, text, context);
    }

    private static RejectCode rejected(
            ScoringModel model, LikelihoodOptions options, String text, Optional<String> context) {
        return ((LikelihoodOutcome.Rejected) outcome(model, options, text, context))
                .rejection()
                .code();
    }

    private static ChoiceOutcome score(
            ChoiceScorer scorer, String text, @Nullable List<@Nullable String> choices, EncoderStats stats) {
        List<@Nullable List<@Nullable String>> all = new ArrayList<>();
        all.add(choices);
        return scorer.score(List.of(text), all, stats).get(0);
    }

    private static RejectCode rejection(ChoiceOutcome outcome) {
        return ((ChoiceOutcome.Rejected) outcome).rejection().code();
    }
}
