package io.textloom.score;

import io.textloom.runtime.EncoderStats;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.LongDocuments;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Texts to the likeliest of their choices. For one caller at a time; many may share the model.
 *
 * <p>A choice's last token need not be read, so what is read for one choice is often the beginning of what is read for another: of choices of one token each the
 * text alone. Such choices share one pass through the model. A text too long is cut at its beginning, for all its choices alike.
 */
public final class ChoiceScorer implements AutoCloseable {
    /** Choices whose log-probability after the neutral text is remembered. */
    private static final int MAX_REMEMBERED = 10_000;

    private final ScoringModel model;
    private final PassageRunner runner;
    private final ChoiceOptions options;
    private final TokenEncoder encoder;
    private final Tokens tokens = new Tokens();
    private final Map<String, Double> alone = new HashMap<>();

    /**
     * @param model stays the caller's to close
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public ChoiceScorer(ScoringModel model, ChoiceOptions options) {
        this(model, model.runner(), options);
    }

    ChoiceScorer(ScoringModel model, PassageRunner runner, ChoiceOptions options) {
        check(model, options);
        this.model = model;
        this.runner = runner;
        this.options = options;
        this.encoder = model.tokenizer().encoder();
    }

    /** @throws IllegalArgumentException if the options do not fit the model */
    public static void check(ScoringModel model, ChoiceOptions options) {
        if (options.score() == ChoiceScore.PMI && options.pmiContext().isBlank() && model.start().length == 0) {
            throw new IllegalArgumentException("score.pmiContext is empty and the model names no start token; give a"
                    + " neutral text such as Answer:, or set score.startToken");
        }
    }

    /**
     * @param texts of which each has its choices at the same place of {@code choices}
     * @param choices null, or with a null among them, for a row that is rejected
     * @param stats added to
     * @return what became of each text, in their order
     */
    public List<ChoiceOutcome> score(
            List<String> texts, List<? extends @Nullable List<@Nullable String>> choices, EncoderStats stats) {
        long start = System.nanoTime();
        List<Passage> passages = new ArrayList<>();
        List<Question> questions = new ArrayList<>(texts.size());
        Map<String, Asked> neutral = new HashMap<>();
        if (alone.size() > MAX_REMEMBERED) {
            alone.clear();
        }
        for (int i = 0; i < texts.size(); i++) {
            questions.add(ask(texts.get(i), choices.get(i), passages, neutral));
        }
        stats.tokenized(System.nanoTime() - start);
        runner.run(passages, stats);
        neutral.forEach((choice, asked) -> {
            if (asked.failure().isEmpty()) {
                alone.put(choice, asked.logprob());
            }
        });
        return questions.stream().map(question -> outcome(question, neutral)).toList();
    }

    /** A row's choices as they were put to the model, or the reason why not. */
    private record Question(List<String> choices, List<Asked> asked, int dropped, Optional<Rejection> rejection) {
        Question(RejectCode code, String message) {
            this(List.of(), List.of(), 0, Optional.of(new Rejection(code, message)));
        }
    }

    /** One choice: the passage that answers, and of its answers the first. */
    private record Asked(Passage passage, int from, int count) {
        double logprob() {
            double sum = 0;
            for (int i = from; i < from + count; i++) {
                sum += passage.logprob(i);
            }
            return sum;
        }

        Optional<Rejection> failure() {
            return passage.failure();
        }
    }

    private Question ask(
            String text, @Nullable List<@Nullable String> given, List<Passage> passages, Map<String, Asked> neutral) {
        List<String> choices = new ArrayList<>();
        for (String choice : given == null ? List.<@Nullable String>of() : given) {
            if (choice == null || choice.isBlank()) {
                return new Question(
                        RejectCode.INVALID_CHOICES,
                        "Choice " + choices.size() + " of the row, counted from 0, is empty");
            }
            choices.add(choice);
        }
        if (choices.isEmpty()) {
            return new Question(RejectCode.INVALID_CHOICES, "The row has no choices");
        }
        try {
            Question question = after(text, choices, passages);
            if (options.score() == ChoiceScore.PMI && question.rejection().isEmpty()) {
                for (String choice : choices) {
                    if (!alone.containsKey(choice) && !neutral.containsKey(choice)) {
                        Question about = after(options.pmiContext(), List.of(choice), passages);
                        if (about.rejection().isPresent()) {
                            return about;
                        }
                        neutral.put(choice, about.asked().get(0));
                    }
                }
            }
            return question;
        } catch (RuntimeException e) {
            return new Question(RejectCode.TOKENIZER_FAILED, "The tokenizer failed: " + e.getMessage());
        }
    }

    private Question after(String text, List<String> choices, List<Passage> passages) {
        List<Continuation> all = new ArrayList<>();
        int longest = 0;
        int leastContext = Integer.MAX_VALUE;
        for (String choice : choices) {
            Continuation one = Continuation.of(model.start(), text, separated(text, choice), encoder, tokens);
            if (one.scored() == 0) {
                return new Question(
                        RejectCode.NOTHING_TO_SCORE, "The choice " + choice + " has no token with one before it");
            }
            all.add(one);
            longest = Math.max(longest, one.ids().length - 1);
            leastContext = Math.min(leastContext, one.firstScored());
        }
        int cut = Math.max(0, longest - model.maxTokens());
        if (cut >= leastContext) {
            return new Question(
                    RejectCode.TOO_LONG,
                    "The choices alone fill the window of " + model.maxTokens() + " tokens; shorten them");
        }
        if (cut > 0 && options.longDocuments() == LongDocuments.ERROR) {
            return new Question(
                    RejectCode.TOO_LONG,
                    "The text has " + (longest + 1) + " tokens with its longest choice; the window holds "
                            + model.maxTokens() + " and the one that follows; set score.longDocuments to truncate");
        }
        List<Asked> asked = put(all, cut, passages);
        return new Question(choices, asked, Math.max(0, cut - model.start().length), Optional.empty());
    }

    private String separated(String text, String choice) {
        boolean parted = text.isEmpty()
                || Continuation.isSpace(text.charAt(text.length() - 1))
                || Continuation.isSpace(choice.charAt(0));
        return parted ? choice : options.separator() + choice;
    }

    /** Makes passages of the choices, the longest first, so that the others may be beginnings of them. */
    private static List<Asked> put(List<Continuation> choices, int cut, List<Passage> passages) {
        Integer[] order = new Integer[choices.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingInt(i -> -choices.get(i).ids().length));
        Asked[] asked = new Asked[order.length];
        List<Passage> own = new ArrayList<>();
        for (int number : order) {
            Continuation choice = choices.get(number);
            int[] ids = choice.ids();
            int[] inputs = Arrays.copyOfRange(ids, cut, ids.length - 1);
            Passage passage = own.stream()
                    .filter(other -> Passage.startsWith(other.inputs(), inputs))
                    .findFirst()
                    .orElse(null);
            if (passage == null) {
                passage = new Passage(inputs);
                own.add(passage);
            }
            int from = passage.questions();
            for (int next = choice.firstScored(); next < ids.length; next++) {
                passage.ask(next - 1 - cut, ids[next]);
            }
            asked[number] = new Asked(passage, from, ids.length - choice.firstScored());
        }
        passages.addAll(own);
        return List.of(asked);
    }

    private ChoiceOutcome outcome(Question question, Map<String, Asked> neutral) {
        if (question.rejection().isPresent()) {
            return new ChoiceOutcome.Rejected(question.rejection().get());
        }
        int n = question.choices().size();
        double[] scores = new double[n];
        for (int i = 0; i < n; i++) {
            String choice = question.choices().get(i);
            Asked asked = question.asked().get(i);
            Optional<Rejection> failure = asked.failure();
            if (failure.isEmpty() && options.score() == ChoiceScore.PMI && !alone.containsKey(choice)) {
                failure = Optional.ofNullable(neutral.get(choice)).flatMap(Asked::failure);
            }
            if (failure.isPresent()) {
                return new ChoiceOutcome.Rejected(failure.get());
            }
            scores[i] = options.score()
                    .of(
                            asked.logprob(),
                            asked.count(),
                            Continuation.bytes(choice, 0, choice.length()),
                            alone.getOrDefault(choice, 0.0));
        }
        int best = 0;
        for (int i = 1; i < n; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - scores[best]);
        }
        List<ScoredChoice> scored = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            Asked asked = question.asked().get(i);
            scored.add(new ScoredChoice(
                    question.choices().get(i),
                    asked.logprob(),
                    asked.count(),
                    scores[i],
                    Math.exp(scores[i] - scores[best]) / sum));
        }
        return new ChoiceOutcome.Scored(best, scored, question.dropped());
    }

    @Override
    public void close() {
        encoder.close();
    }
}
