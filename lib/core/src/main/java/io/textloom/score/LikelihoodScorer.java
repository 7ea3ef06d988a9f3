package io.textloom.score;

import io.textloom.runtime.EncoderStats;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.LongDocuments;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Texts to how likely the model finds them. For one caller at a time; many may share the model.
 *
 * <p>A text longer than the window is read in windows that overlap, and each of its tokens is scored once, in the first window that reaches it: all but the first
 * window's tokens have at least the overlap before them. A context is cut at its beginning as far as it must be.
 */
public final class LikelihoodScorer implements AutoCloseable {
    private final ScoringModel model;
    private final PassageRunner runner;
    private final LongDocuments longDocuments;
    private final int overlap;
    private final TokenEncoder encoder;
    private final Tokens tokens = new Tokens();

    /**
     * @param model stays the caller's to close
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public LikelihoodScorer(ScoringModel model, LikelihoodOptions options) {
        this(model, model.runner(), options);
    }

    LikelihoodScorer(ScoringModel model, PassageRunner runner, LikelihoodOptions options) {
        check(model, options);
        this.model = model;
        this.runner = runner;
        this.longDocuments = options.longDocuments();
        this.overlap = options.stride() < 0 ? model.maxTokens() / 2 : options.stride();
        this.encoder = model.tokenizer().encoder();
    }

    /** @throws IllegalArgumentException if the options do not fit the model */
    public static void check(ScoringModel model, LikelihoodOptions options) {
        if (options.stride() >= model.maxTokens()) {
            throw new IllegalArgumentException("score.stride is " + options.stride() + " but a window has "
                    + model.maxTokens() + " tokens; lower it, or raise score.maxTokens");
        }
    }

    /**
     * @param stats added to
     * @return what became of each text, in the order of {@code texts}
     */
    public List<LikelihoodOutcome> score(List<Scorable> texts, EncoderStats stats) {
        long start = System.nanoTime();
        List<Passage> passages = new ArrayList<>();
        List<Windows> windows = new ArrayList<>(texts.size());
        for (Scorable text : texts) {
            windows.add(windows(text, passages));
        }
        stats.tokenized(System.nanoTime() - start);
        runner.run(passages, stats);
        return windows.stream().map(Windows::outcome).toList();
    }

    private Windows windows(Scorable text, List<Passage> passages) {
        Continuation cut;
        try {
            cut = Continuation.of(model.start(), text.context().orElse(""), text.text(), encoder, tokens);
        } catch (RuntimeException e) {
            return new Windows(new Rejection(RejectCode.TOKENIZER_FAILED, "The tokenizer failed: " + e.getMessage()));
        }
        int[] ids = cut.ids();
        int max = model.maxTokens();
        if (cut.scored() == 0) {
            return new Windows(new Rejection(
                    RejectCode.NOTHING_TO_SCORE,
                    "The text has " + ids.length + " tokens and the model no start token to stand before the first;"
                            + " set score.startToken to one"));
        }
        if (longDocuments == LongDocuments.ERROR && ids.length - 1 > max) {
            return new Windows(new Rejection(
                    RejectCode.TOO_LONG,
                    "The text has " + ids.length + " tokens with what stands before it; the window holds " + max
                            + " and the one that follows; set score.longDocuments to chunk or truncate"));
        }
        int next = cut.firstScored();
        int from = ids.length - 1 <= max
                ? 0
                : ids.length - next <= max ? ids.length - 1 - max : Math.max(0, next - 1 - overlap);
        List<Passage> parts = new ArrayList<>();
        int dropped = Math.max(0, from - model.start().length);
        while (next < ids.length && (parts.isEmpty() || longDocuments == LongDocuments.CHUNK)) {
            int end = Math.min(ids.length, from + max + 1);
            Passage passage = new Passage(Arrays.copyOfRange(ids, from, end - 1));
            for (; next < end; next++) {
                passage.ask(next - 1 - from, ids[next]);
            }
            parts.add(passage);
            from += max - overlap;
        }
        passages.addAll(parts);
        return new Windows(parts, cut.scoredBytes(next, encoder, tokens), dropped + ids.length - next);
    }

    /** The windows of one text, or the reason why there are none. */
    private static final class Windows {
        private final List<Passage> parts;
        private final int bytes;
        private final int dropped;
        private final Optional<Rejection> rejection;

        Windows(Rejection rejection) {
            this.parts = List.of();
            this.bytes = 0;
            this.dropped = 0;
            this.rejection = Optional.of(rejection);
        }

        Windows(List<Passage> parts, int bytes, int dropped) {
            this.parts = parts;
            this.bytes = bytes;
            this.dropped = dropped;
            this.rejection = Optional.empty();
        }

        /** Once the windows have run. */
        LikelihoodOutcome outcome() {
            Optional<Rejection> failed = rejection.or(() ->
                    parts.stream().flatMap(part -> part.failure().stream()).findFirst());
            if (failed.isPresent()) {
                return new LikelihoodOutcome.Rejected(failed.get());
            }
            int n = parts.stream().mapToInt(Passage::questions).sum();
            int[] ids = new int[n];
            float[] logprobs = new float[n];
            boolean[] likeliest = new boolean[n];
            double sum = 0;
            int at = 0;
            for (Passage part : parts) {
                for (int i = 0; i < part.questions(); i++, at++) {
                    ids[at] = part.target(i);
                    logprobs[at] = part.logprob(i);
                    likeliest[at] = part.isLikeliest(i);
                    sum += part.logprob(i);
                }
            }
            return new LikelihoodOutcome.Scored(sum, bytes, dropped, ids, logprobs, likeliest);
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
