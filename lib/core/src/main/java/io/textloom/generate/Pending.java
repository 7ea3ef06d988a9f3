package io.textloom.generate;

import io.textloom.constrain.Constraint;
import io.textloom.text.Rejection;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A request that has been taken and whose outcomes have not all been handed out. Lanes complete it, its task waits for it. */
final class Pending {
    final GenerateRequest request;
    final SamplingOptions sampling;
    final int[] ids;
    final int dropped;
    final Run owner;
    /** The beginning of the prompt that others may share. */
    final PrefixCache.Chain prefix;

    /** What its completions look like; null where they are free. */
    final @Nullable Constraint constraint;

    private final @Nullable Generated[] samples;
    private int started;
    private int finished;
    private int handedOut;
    private boolean prefixLeft;
    private @Nullable Rejection rejection;
    private List<Generated> given = List.of();

    /** Whoever waits for requests: one pass of a task over its rows. */
    interface Run {
        /** A request is complete. */
        void completed(Pending pending);

        /** A call for all rows of a lane failed. */
        void failed(RuntimeException cause);

        boolean isCancelled();

        GenerateStats stats();
    }

    Pending(
            GenerateRequest request,
            SamplingOptions sampling,
            int[] ids,
            int dropped,
            Run owner,
            PrefixCache.Chain prefix,
            @Nullable Constraint constraint) {
        this.request = request;
        this.sampling = sampling;
        this.ids = ids;
        this.dropped = dropped;
        this.owner = owner;
        this.prefix = prefix;
        this.constraint = constraint;
        this.samples = new Generated[sampling.made()];
    }

    static Pending rejected(GenerateRequest request, SamplingOptions sampling, Run owner, Rejection rejection) {
        Pending pending = new Pending(request, sampling, new int[0], 0, owner, PrefixCache.Chain.NONE, null);
        pending.rejection = rejection;
        return pending;
    }

    /** Slots that a sample takes. */
    int width() {
        return sampling.beams().count();
    }

    /** Longest the row may become; unit: tokens. */
    int mostTokens() {
        return ids.length + sampling.maxNewTokens();
    }

    synchronized boolean hasSampleToStart() {
        return rejection == null && started < (width() > 1 ? 1 : samples.length);
    }

    synchronized int startSample() {
        return started++;
    }

    synchronized boolean isDropped() {
        return rejection != null || owner.isCancelled();
    }

    Generated generated(
            int sample,
            String completion,
            int tokens,
            FinishReason reason,
            double logprob,
            long seed,
            List<TokenLogprob> told) {
        return new Generated(
                request.tag(),
                sample,
                sampling.samples(),
                request.prompt().text(),
                completion,
                ids.length,
                tokens,
                dropped,
                reason,
                logprob,
                seed,
                sampling.logprobs() < 0 ? Optional.empty() : Optional.of(List.copyOf(told)));
    }

    void finish(Generated sample) {
        boolean last;
        synchronized (this) {
            if (rejection != null) {
                return;
            }
            samples[sample.sampleIndex()] = sample;
            last = ++finished == samples.length;
            if (last) {
                given = chosen();
            }
        }
        if (last) {
            owner.completed(this);
        }
    }

    /** All that is given, best first, at once; they are numbered here. */
    void finish(List<Generated> all) {
        synchronized (this) {
            given = IntStream.range(0, all.size())
                    .mapToObj(i -> all.get(i).numbered(i, all.size()))
                    .toList();
            finished = samples.length;
        }
        owner.completed(this);
    }

    /** Of those made, the likeliest by token, numbered anew; else all as they are. */
    private List<Generated> chosen() {
        List<Generated> made =
                Arrays.stream(samples).map(Objects::requireNonNull).toList();
        if (made.size() == sampling.samples()) {
            return made;
        }
        int[] order = BestOf.order(
                made.stream().mapToDouble(Generated::logprob).toArray(),
                made.stream().mapToInt(Generated::completionTokens).toArray());
        return IntStream.range(0, sampling.samples())
                .mapToObj(i -> made.get(order[i]).numbered(i, sampling.samples()))
                .toList();
    }

    /** One failed sample fails the request: a row is either in the output, whole, or in the error table. */
    void reject(Rejection reason) {
        synchronized (this) {
            if (isComplete()) {
                return;
            }
            rejection = reason;
        }
        owner.completed(this);
    }

    synchronized boolean isComplete() {
        return rejection != null || finished == samples.length;
    }

    /** Nobody computes this prompt any more; may be called twice. */
    synchronized void leavePrefix(PrefixCache prefixes) {
        if (!prefixLeft) {
            prefixLeft = true;
            prefixes.leave(prefix, sampling.made());
        }
    }

    /** The next outcome of a complete request; empty when all have been handed out. */
    synchronized Optional<GenerateOutcome> nextOutcome() {
        int next = handedOut++;
        if (rejection != null) {
            return next == 0 ? Optional.of(new Rejected(request.tag(), rejection)) : Optional.empty();
        }
        return next < given.size() ? Optional.of(given.get(next)) : Optional.empty();
    }
}
