package io.textloom.generate;

import io.textloom.constrain.ConstraintException;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.InferenceException;
import io.textloom.runtime.OutOfDeviceMemory;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes a fixed number of slots, one call for all of them at a time; a slot that becomes free is given the next sample at once. What a row yields does not
 * depend on the lane, the slot or the other rows.
 */
final class Lane implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final Scheduler scheduler;
    private final DecodeState state;
    private final PrefixCache prefixes;
    private final LaneTools tools;
    private final int[] nextIds;
    /** By slot; a request with beams is there several times. */
    private final @Nullable Occupant[] held;

    private int busy;

    Lane(Scheduler scheduler, DecodeState state, PrefixCache prefixes, LaneTools tools) {
        this.scheduler = scheduler;
        this.state = state;
        this.prefixes = prefixes;
        this.tools = tools;
        this.nextIds = new int[state.slots()];
        this.held = new Occupant[state.slots()];
    }

    @Override
    public void run() {
        try (state) {
            while (!scheduler.isClosed()) {
                admit();
                if (busy > 0) {
                    step();
                }
            }
            failAll(Scheduler.closure());
        } catch (RuntimeException | Error e) {
            // an error of ours: whoever waits must hear of it
            LOG.error("A lane of the generator ended", e);
            IllegalStateException failure = new IllegalStateException("A lane of the generator ended: " + e, e);
            // first, so that who hears of it and asks again gets another lane
            scheduler.fail(failure);
            failAll(failure);
            throw e;
        }
    }

    private void admit() {
        for (Occupant occupant : occupants()) {
            if (occupant.pending().isDropped()) {
                free(occupant);
            }
        }
        Scheduler.Start start = scheduler.take(held.length - busy, busy == 0);
        while (start != null) {
            begin(start.pending(), start.sample());
            start = scheduler.take(held.length - busy, busy == 0);
        }
    }

    private void begin(Pending pending, int sample) {
        int[] slots = freeSlots(pending.width());
        GenerateStats stats = pending.owner.stats();
        Occupant occupant;
        long begin = System.nanoTime();
        try {
            int restored = prefixes.prefill(state, slots[0], pending.ids, pending.prefix);
            occupant = tools.make(pending, sample, slots);
            stats.prefilled(pending.ids.length, restored, System.nanoTime() - begin);
        } catch (InferenceException e) {
            state.release(slots[0]);
            pending.reject(InferenceException.rejection(e));
            return;
        } catch (RuntimeException | Error e) {
            state.release(slots[0]);
            pending.owner.failed(new IllegalStateException("A prompt could not be taken in: " + e.getMessage(), e));
            return;
        }
        for (int slot : slots) {
            held[slot] = occupant;
        }
        busy += slots.length;
    }

    private int[] freeSlots(int count) {
        int[] slots = new int[count];
        int found = 0;
        for (int slot = 0; found < count; slot++) {
            if (held[slot] == null) {
                slots[found++] = slot;
            }
        }
        return slots;
    }

    /** One decode call, then one token for every busy slot. */
    private void step() {
        long begin = System.nanoTime();
        List<Occupant> all = occupants();
        Arrays.fill(nextIds, 0);
        for (Occupant occupant : all) {
            occupant.feed(nextIds);
        }
        try {
            state.decode(nextIds);
        } catch (OutOfDeviceMemory e) {
            // the longest row is the one that needs more; the others may do without
            Occupant longest = Collections.max(all, Comparator.comparingInt(this::length));
            longest.pending().reject(InferenceException.rejection(e));
            free(longest);
            return;
        } catch (RuntimeException e) {
            failAll(e);
            return;
        }
        long decoded = System.nanoTime();
        int busySlots = busy;
        for (Occupant occupant : all) {
            // counted before the task may hear that its row is complete
            GenerateStats stats = occupant.pending().owner.stats();
            stats.stepped(occupant.slots().length, busySlots, held.length, decoded - begin);
            long from = System.nanoTime();
            advance(occupant);
            stats.sampled(System.nanoTime() - from);
        }
    }

    /** Tokens of its longest slot. */
    private int length(Occupant occupant) {
        int longest = 0;
        for (int slot : occupant.slots()) {
            longest = Math.max(longest, state.length(slot));
        }
        return longest;
    }

    private void advance(Occupant occupant) {
        boolean complete;
        try {
            complete = occupant.advance();
        } catch (RuntimeException e) {
            occupant.pending().reject(rejection(e));
            complete = true;
        }
        if (complete) {
            free(occupant);
        }
    }

    private static Rejection rejection(RuntimeException e) {
        if (e instanceof InferenceException) {
            return InferenceException.rejection(e);
        }
        if (e instanceof ConstraintException) {
            return new Rejection(RejectCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
        }
        return new Rejection(RejectCode.TOKENIZER_FAILED, "The completion could not be decoded: " + e.getMessage());
    }

    private List<Occupant> occupants() {
        List<Occupant> all = new ArrayList<>(busy);
        Occupant last = null;
        for (int slot = 0; slot < held.length; slot++) {
            Occupant occupant = held[slot];
            if (occupant != null && occupant != last && occupant.slots()[0] == slot) {
                all.add(occupant);
                last = occupant;
            }
        }
        return all;
    }

    private void free(Occupant occupant) {
        for (int slot : occupant.slots()) {
            held[slot] = null;
            state.release(slot);
            busy--;
        }
    }

    private void failAll(RuntimeException cause) {
        Set<Pending.Run> owners = new HashSet<>();
        for (Occupant occupant : occupants()) {
            free(occupant);
            if (owners.add(occupant.pending().owner)) {
                occupant.pending().owner.failed(cause);
            }
        }
    }
}
