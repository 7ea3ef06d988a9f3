package io.textloom.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.runtime.EncoderStats;
import io.textloom.token.LongDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Texts, continuations and choices from text to score, beside transformers; score_goldens.py says how these were made. */
class ScoreGoldenTest {
    private static final double TOLERANCE = 1e-4;

    @Test
    void textsAndTheirWindowsEqualTransformers() throws IOException {
        List<JsonNode> rows = rows("text");
        assertThat(rows).hasSizeGreaterThan(12);
        for (JsonNode row : rows) {
            LikelihoodOptions options = new LikelihoodOptions(
                    "", row.get("stride").asInt(), LongDocuments.CHUNK, false, DecoderOptions.defaults());
            try (ScoringModel model = Storyteller.open(
                            row.get("startToken").asText(), row.get("maxTokens").asInt());
                    LikelihoodScorer scorer = new LikelihoodScorer(model, options)) {
                check(scored(scorer, row.get("text").asText(), Optional.empty()), row);
            }
        }
    }

    @Test
    void continuationsEqualTransformers() throws IOException {
        try (ScoringModel model = Storyteller.open(DecoderOptions.AUTO, 0);
                LikelihoodScorer scorer = new LikelihoodScorer(model, LikelihoodOptions.defaults())) {
            for (JsonNode row : rows("context")) {
                check(
                        scored(
                                scorer,
                                row.get("text").asText(),
                                Optional.of(row.get("context").asText())),
                        row);
            }
        }
    }

    @Test
    void choicesAndAllTheirScoresEqualTransformers() throws IOException {
        try (ScoringModel model = Storyteller.open(DecoderOptions.AUTO, 0)) {
            for (ChoiceScore score : ChoiceScore.values()) {
                for (JsonNode row : rows("choices")) {
                    ChoiceOptions options = new ChoiceOptions(
                            texts(row),
                            "",
                            " ",
                            score,
                            row.get("pmiContext").asText(),
                            "",
                            LongDocuments.CHUNK,
                            DecoderOptions.defaults());
                    try (ChoiceScorer scorer = new ChoiceScorer(model, options)) {
                        check(scorer, row, score);
                    }
                }
            }
        }
    }

    private static void check(ChoiceScorer scorer, JsonNode row, ChoiceScore score) {
        ChoiceOutcome.Scored scored = (ChoiceOutcome.Scored)
                scorer.score(List.of(row.get("text").asText()), List.of(texts(row)), new EncoderStats())
                        .get(0);
        double highest = Double.NEGATIVE_INFINITY;
        double probabilities = 0;
        for (int i = 0; i < scored.choices().size(); i++) {
            ScoredChoice choice = scored.choices().get(i);
            double logprob = row.get("logprobs").get(i).asDouble();
            int tokens = row.get("nTokens").get(i).asInt();
            int bytes = choice.choice().getBytes(StandardCharsets.UTF_8).length;
            double expected = switch (score) {
                case RAW -> logprob;
                case PER_TOKEN -> logprob / tokens;
                case PER_BYTE -> logprob / bytes;
                case PMI -> logprob - row.get("aloneLogprobs").get(i).asDouble();
            };
            assertThat(choice.logprob()).as(row + " " + i).isCloseTo(logprob, within(TOLERANCE * tokens));
            assertThat(choice.tokens()).isEqualTo(tokens);
            assertThat(choice.score()).as(row + " " + i).isCloseTo(expected, within(2 * TOLERANCE * tokens));
            highest = Math.max(highest, choice.score());
            probabilities += choice.probability();
        }
        assertThat(scored.choices().get(scored.best()).score()).isEqualTo(highest);
        assertThat(probabilities).isCloseTo(1, within(1e-9));
    }

    private static LikelihoodOutcome.Scored scored(LikelihoodScorer scorer, String text, Optional<String> context) {
        return (LikelihoodOutcome.Scored) scorer.score(List.of(new Scorable(text, context)), new EncoderStats())
                .get(0);
    }

    private static void check(LikelihoodOutcome.Scored scored, JsonNode row) {
        assertThat(scored.ids()).as(row.toString()).hasSize(row.get("ids").size());
        double sum = 0;
        for (int i = 0; i < scored.tokens(); i++) {
            double expected = row.get("logprobs").get(i).asDouble();
            assertThat(scored.ids()[i]).isEqualTo(row.get("ids").get(i).asInt());
            assertThat((double) scored.logprobs()[i])
                    .as(row.get("text") + " token " + i)
                    .isCloseTo(expected, within(TOLERANCE));
            sum += expected;
        }
        assertThat(scored.logprob()).isCloseTo(sum, within(TOLERANCE * scored.tokens()));
        assertThat(scored.dropped()).isZero();
    }

    private static List<String> texts(JsonNode row) {
        List<String> texts = new ArrayList<>();
        row.get("choices").forEach(choice -> texts.add(choice.asText()));
        return texts;
    }

    private static List<JsonNode> rows(String kind) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("src/test/resources/golden/score/storyteller.jsonl"))) {
            JsonNode row = new ObjectMapper().readTree(line);
            if (row.path("kind").asText().equals(kind)) {
                rows.add(row);
            }
        }
        return rows;
    }
}
