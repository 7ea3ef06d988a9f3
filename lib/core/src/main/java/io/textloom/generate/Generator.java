package io.textloom.generate;

import io.textloom.constrain.Constraint;
import io.textloom.constrain.ConstraintException;
import io.textloom.runtime.InferenceException;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Completes the prompts of one task, on lanes that it shares with other tasks. Not safe for concurrent use.
 *
 * <p>A completion depends on the model, the options, the prompt and, when sampling, the row's id; not on other rows or their order.
 */
public final class Generator implements AutoCloseable {
    /** Requests that are not complete, at most: enough that the longest can begin first. */
    private static final int MOST_WAITING = 1024;
    /** Requests taken before the oldest is complete, at most; bounds what waits in memory behind one long row. */
    private static final int MOST_TAKEN = 4096;

    private final GenerateOptions options;
    private final PromptEncoder encoder;
    private final Scheduler scheduler;
    private final PrefixCache prefixes;
    private final ConstraintStore constraints;
    private @Nullable Run current;

    Generator(
            GenerateOptions options,
            PromptEncoder encoder,
            Scheduler scheduler,
            PrefixCache prefixes,
            ConstraintStore constraints) {
        this.options = options;
        this.encoder = encoder;
        this.scheduler = scheduler;
        this.prefixes = prefixes;
        this.constraints = constraints;
    }

    /**
     * Outcomes in the order of the requests, then of the samples. Requests are pulled as others become complete. A second call ends the first
     * iterator.
     *
     * @throws InferenceException from the iterator, if a call for all rows of a lane fails
     */
    public Iterator<GenerateOutcome> generate(Iterator<GenerateRequest> requests, GenerateStats stats) {
        close();
        Run run = new Run(requests, stats);
        current = run;
        return run;
    }

    /** Gives up what is not complete. */
    @Override
    public void close() {
        if (current != null) {
            current.cancel();
            current = null;
        }
    }

    /** One pass over the requests. */
    private final class Run implements Iterator<GenerateOutcome>, Pending.Run {
        private final Iterator<GenerateRequest> requests;
        private final GenerateStats stats;
        /** Taken and not handed out, oldest first; the task's own. */
        private final ArrayDeque<Pending> taken = new ArrayDeque<>();

        private Optional<GenerateOutcome> next = Optional.empty();
        /** Of those taken, the ones that are not complete. */
        private int incomplete;

        private @Nullable RuntimeException failure;
        private volatile boolean cancelled;

        Run(Iterator<GenerateRequest> requests, GenerateStats stats) {
            this.requests = requests;
            this.stats = stats;
        }

        @Override
        public boolean hasNext() {
            if (cancelled) {
                throw new IllegalStateException("The generator was closed or given other requests since");
            }
            while (next.isEmpty()) {
                Pending oldest = taken.peek();
                if (oldest != null && oldest.isComplete()) {
                    next = oldest.nextOutcome();
                    if (next.isEmpty()) {
                        taken.remove();
                    }
                } else if (mayTake() && requests.hasNext()) {
                    take(requests.next());
                } else if (oldest == null) {
                    return false;
                } else {
                    await(oldest);
                }
            }
            return true;
        }

        @Override
        public GenerateOutcome next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            GenerateOutcome outcome = next.orElseThrow();
            next = Optional.empty();
            return outcome;
        }

        private synchronized boolean mayTake() {
            return incomplete < MOST_WAITING && taken.size() < MOST_TAKEN;
        }

        private void take(GenerateRequest request) {
            SamplingOptions sampling = request.sampling().orElse(options.sampling());
            if (request.refusal().isPresent()) {
                taken.add(Pending.rejected(
                        request, sampling, this, request.refusal().get()));
                return;
            }
            PromptEncoder.Result result = encoder.encode(request.prompt(), sampling);
            if (result instanceof PromptEncoder.Refused refused) {
                taken.add(Pending.rejected(request, sampling, this, refused.rejection()));
            } else if (result instanceof PromptEncoder.Ids prompt) {
                try {
                    submit(request, sampling, prompt, constraints.of(sampling));
                } catch (ConstraintException e) {
                    Rejection rejection = new Rejection(RejectCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
                    taken.add(Pending.rejected(request, sampling, this, rejection));
                }
            }
        }

        private void submit(
                GenerateRequest request,
                SamplingOptions sampling,
                PromptEncoder.Ids prompt,
                @Nullable Constraint constraint) {
            PrefixCache.Chain prefix = prefixes.enter(prompt.ids, sampling.made());
            Pending pending = new Pending(request, sampling, prompt.ids, prompt.dropped, this, prefix, constraint);
            taken.add(pending);
            synchronized (this) {
                incomplete++;
            }
            scheduler.submit(pending);
        }

        /** Until one more request is complete. */
        private void await(Pending oldest) {
            if (taken.size() >= MOST_TAKEN) {
                scheduler.hurry(oldest);
            }
            synchronized (this) {
                int before = incomplete;
                while (failure == null && incomplete == before && !oldest.isComplete()) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("The task was interrupted while it waited for completions", e);
                    }
                }
                if (failure != null) {
                    throw failure;
                }
            }
        }

        @Override
        public void completed(Pending pending) {
            pending.leavePrefix(prefixes);
            synchronized (this) {
                incomplete--;
                notifyAll();
            }
        }

        @Override
        public synchronized void failed(RuntimeException cause) {
            failure = cause;
            notifyAll();
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public GenerateStats stats() {
            return stats;
        }

        void cancel() {
            cancelled = true;
            scheduler.withdraw(this);
            for (Pending pending : taken) {
                pending.leavePrefix(prefixes);
            }
            taken.clear();
        }
    }
}
