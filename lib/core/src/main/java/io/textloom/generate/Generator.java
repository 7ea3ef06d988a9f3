package io.textloom.generate;

import io.textloom.model.DecoderSpec;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.InferenceException;
import io.textloom.tensor.CounterRandom;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.Tokenizer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Completes prompts with continuous batching: a fixed number of slots is decoded together, and a slot that becomes free is given the next
 * sample at once. Belongs to one task; not safe for concurrent use.
 *
 * <p>A completion depends on the model, the options, the prompt and, when sampling, the row's id; not on other rows or their order.
 */
public final class Generator implements AutoCloseable {
    /** Requests taken before the oldest is complete, at most; bounds what waits in memory behind one long row. */
    private static final int MAX_WAITING = 4096;
    /** Room made at first for a prompt; unit: tokens. */
    private static final int EXPECTED_PROMPT = 64;

    private final GenerateOptions options;
    private final Tokenizer tokenizer;
    private final PromptEncoder encoder;
    private final StopStrings stopStrings;
    private final Sampler sampler;
    private final BitSet eosIds = new BitSet();
    private final DecodeState state;
    private final float[] logits;
    private final int[] nextIds;
    private final @Nullable Running[] slots;
    private int busy;
    private @Nullable Run current;

    Generator(DecoderSpec spec, Tokenizer tokenizer, DecoderSession session, GenerateOptions options) {
        this.options = options;
        this.tokenizer = tokenizer;
        this.encoder = new PromptEncoder(spec, tokenizer, options);
        this.stopStrings = new StopStrings(options.sampling().stop(), tokenizer);
        this.sampler = Sampler.of(options, spec.vocabularySize());
        spec.eosIds().forEach(eosIds::set);
        this.logits = new float[spec.vocabularySize()];
        this.nextIds = new int[options.slots()];
        this.slots = new Running[options.slots()];
        this.state = session.newState(options.slots(), options.sampling().maxNewTokens() + EXPECTED_PROMPT);
    }

    /**
     * Outcomes in the order of the requests, then of the samples. Requests are pulled as slots become free. A second call ends the first
     * iterator.
     *
     * @throws InferenceException from the iterator, if a call for all slots fails
     */
    public Iterator<GenerateOutcome> generate(Iterator<GenerateRequest> requests, GenerateStats stats) {
        for (int slot = 0; slot < slots.length; slot++) {
            free(slot);
        }
        Run run = new Run(requests, stats);
        current = run;
        return run;
    }

    @Override
    public void close() {
        state.close();
    }

    private void free(int slot) {
        if (slots[slot] != null) {
            slots[slot] = null;
            busy--;
        }
        state.release(slot);
    }

    /** One pass over the requests. */
    private final class Run implements Iterator<GenerateOutcome> {
        private final Iterator<GenerateRequest> requests;
        private final GenerateStats stats;
        /** Taken and not handed out, oldest first. */
        private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

        /** The request taken last, while it has samples to start. */
        private @Nullable Pending starting;

        private Optional<GenerateOutcome> next = Optional.empty();

        Run(Iterator<GenerateRequest> requests, GenerateStats stats) {
            this.requests = requests;
            this.stats = stats;
        }

        @Override
        public boolean hasNext() {
            if (current != this) {
                throw new IllegalStateException("The generator was given other requests since; finish one run first");
            }
            while (next.isEmpty()) {
                Pending oldest = waiting.peek();
                if (oldest != null && oldest.isComplete()) {
                    next = oldest.nextOutcome();
                    if (next.isEmpty()) {
                        waiting.remove();
                    }
                } else if (oldest == null && !requests.hasNext()) {
                    return false;
                } else {
                    advance(oldest);
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

        private void advance(@Nullable Pending oldest) {
            for (int slot = 0; slot < slots.length; slot++) {
                while (slots[slot] == null) {
                    Pending pending = nextToStart();
                    if (pending == null) {
                        break;
                    }
                    start(slot, pending);
                }
            }
            if (busy > 0 && (oldest == null || !oldest.isComplete())) {
                step();
            }
        }

        /** The request whose next sample is to be started, or null if there is none now. */
        private @Nullable Pending nextToStart() {
            while (starting == null || !starting.hasSampleToStart()) {
                starting = null;
                if (waiting.size() >= MAX_WAITING || !requests.hasNext()) {
                    return null;
                }
                GenerateRequest request = requests.next();
                PromptEncoder.Result result = encoder.encode(request.prompt());
                if (result instanceof PromptEncoder.Ids prompt) {
                    starting = new Pending(
                            request,
                            prompt.ids,
                            prompt.dropped,
                            options.sampling().samples());
                    waiting.add(starting);
                } else if (result instanceof PromptEncoder.Refused refused) {
                    waiting.add(Pending.rejected(request, refused.rejection()));
                }
            }
            return starting;
        }

        private void start(int slot, Pending pending) {
            int sample = pending.startSample();
            long seed = CounterRandom.derive(options.sampling().seed(), pending.request.id(), sample);
            long begin = System.nanoTime();
            try {
                state.prefill(slot, pending.ids, pending.ids.length);
            } catch (InferenceException e) {
                reject(pending, e.rejectCode(), String.valueOf(e.getMessage()));
                return;
            } finally {
                stats.prefillNanos += System.nanoTime() - begin;
            }
            stats.promptTokens += pending.ids.length;
            slots[slot] = new Running(pending, sample, seed, options.sampling().maxNewTokens());
            busy++;
            begin = System.nanoTime();
            accept(slot);
            stats.samplingNanos += System.nanoTime() - begin;
        }

        /** One decode call, then one token for every busy slot. */
        private void step() {
            long begin = System.nanoTime();
            for (int slot = 0; slot < slots.length; slot++) {
                Running running = slots[slot];
                nextIds[slot] = running == null ? 0 : running.last();
            }
            stats.decodeSteps++;
            stats.busySlots += busy;
            stats.slotSteps += slots.length;
            state.decode(nextIds);
            long decoded = System.nanoTime();
            for (int slot = 0; slot < slots.length; slot++) {
                if (slots[slot] != null) {
                    accept(slot);
                }
            }
            stats.decodeNanos += decoded - begin;
            stats.samplingNanos += System.nanoTime() - decoded;
        }

        /** Chooses the next token of a busy slot from its logits and ends the sample if that completes it. */
        private void accept(int slot) {
            Running running = slots[slot];
            if (running == null) {
                return;
            }
            state.logits(slot, logits);
            int token = sampler.sample(logits, running.seed, running.count);
            float logprob = state.logProbability(slot, token);
            if (!Float.isFinite(logprob)) {
                String message = "The model's logits after " + running.count + " new tokens are not finite numbers";
                reject(running.pending, RejectCode.MODEL_FAILED, message);
                return;
            }
            running.add(token, logprob);
            stats.completionTokens++;
            try {
                if (finish(running, eosIds.get(token))) {
                    free(slot);
                }
            } catch (RuntimeException e) {
                String message = "The tokenizer failed to decode the completion: " + e.getMessage();
                reject(running.pending, RejectCode.TOKENIZER_FAILED, message);
            }
        }

        /** Hands in the sample if its last token completes it. */
        private boolean finish(Running running, boolean eos) {
            boolean full = running.count == options.sampling().maxNewTokens();
            if (!eos && !full && !stopStrings.reached(running.ids, running.count)) {
                return false;
            }
            String text = tokenizer.decode(running.ids, 0, eos ? running.count - 1 : running.count);
            int cut = stopStrings.cut(text);
            if (cut >= 0) {
                running.pending.finish(running.finish(text.substring(0, cut), FinishReason.STOP));
            } else if (eos || full) {
                running.pending.finish(running.finish(text, eos ? FinishReason.STOP : FinishReason.LENGTH));
            }
            return cut >= 0 || eos || full;
        }

        private void reject(Pending pending, RejectCode code, String message) {
            pending.reject(new Rejection(code, message));
            for (int slot = 0; slot < slots.length; slot++) {
                Running running = slots[slot];
                if (running != null && running.pending == pending) {
                    free(slot);
                }
            }
        }
    }
}
