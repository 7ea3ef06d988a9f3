package io.textloom.generate;

import io.textloom.text.Rejection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that has been taken and whose outcomes have not all been handed out. */
final class Pending {
    final GenerateRequest request;
    final int[] ids;
    final int dropped;
    private final @Nullable Generated[] samples;
    private int started;
    private int finished;
    private int handedOut;
    private @Nullable Rejection rejection;

    Pending(GenerateRequest request, int[] ids, int dropped, int samples) {
        this.request = request;
        this.ids = ids;
        this.dropped = dropped;
        this.samples = new Generated[samples];
    }

    static Pending rejected(GenerateRequest request, Rejection rejection) {
        Pending pending = new Pending(request, new int[0], 0, 1);
        pending.reject(rejection);
        return pending;
    }

    boolean hasSampleToStart() {
        return rejection == null && started < samples.length;
    }

    int startSample() {
        return started++;
    }

    void finish(Generated sample) {
        samples[sample.sampleIndex()] = sample;
        finished++;
    }

    /** One failed sample fails the request: a row is either in the output, whole, or in the error table. */
    void reject(Rejection reason) {
        rejection = reason;
    }

    boolean isComplete() {
        return rejection != null || finished == samples.length;
    }

    /** The next outcome of a complete request; empty when all have been handed out. */
    Optional<GenerateOutcome> nextOutcome() {
        int next = handedOut++;
        if (rejection != null) {
            return next == 0 ? Optional.of(new Rejected(request.tag(), rejection)) : Optional.empty();
        }
        return next < samples.length ? Optional.ofNullable(samples[next]) : Optional.empty();
    }
}
