package io.textloom.constrain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network made deterministic, state by state as texts come by. States are kept up to an amount of memory; past it they begin anew, so that a text never fails for want of
 * room. Safe for concurrent use.
 */
final class ByteAutomaton {
    /** unit: bytes */
    private static final long MAX_MEMORY = 64L << 20;

    private final Network network;
    private final byte[] classes = new byte[256];
    private final int[] firstOfClass;
    private final Map<ByteState, ByteState> states = new HashMap<>();
    private final long maxMemory;
    private volatile ByteState start;
    private long memory;
    private volatile int epoch;

    ByteAutomaton(Network network) {
        this(network, MAX_MEMORY);
    }

    /** @param maxMemory of the states that are kept; unit: bytes */
    ByteAutomaton(Network network, long maxMemory) {
        this.network = network;
        this.maxMemory = maxMemory;
        firstOfClass = classify();
        Places places = new Places();
        places.add(network.ruleStart(0), null);
        start = network.bytesToEnd(network.ruleStart(0)) < Network.NEVER
                ? intern(closed(places))
                : closed(new Places());
    }

    /** Dead if no text is possible. */
    ByteState start() {
        ByteState now = current(start);
        start = now; // so that nothing holds on to older ones
        return now;
    }

    /** The same state where states are kept now. */
    ByteState current(ByteState state) {
        if (state.epoch() == epoch) {
            return state;
        }
        synchronized (states) {
            ByteState copy = new ByteState(
                    nodes(state), frames(state), state.mayEnd(), state.bytesToEnd(), firstOfClass.length, epoch);
            return intern(copy);
        }
    }

    /** The state after one more byte; a dead one if none follows. */
    ByteState next(ByteState state, int b) {
        int c = classes[b] & 0xff;
        ByteState known = state.next[c];
        return known != null ? known : step(state, c);
    }

    /** The byte with which the shortest way to an end begins, the first of several; -1 for a state that may end. */
    int nearest(ByteState state) {
        if (state.mayEnd()) {
            return -1;
        }
        for (int b : firstOfClass) {
            ByteState to = next(state, b);
            if (!to.isDead() && to.bytesToEnd() == state.bytesToEnd() - 1) {
                return b;
            }
        }
        throw new IllegalStateException("A state without a way to an end");
    }

    /** Counts what is kept beside the states. unit: bytes */
    void keeps(long bytes) {
        synchronized (states) {
            memory += bytes;
        }
    }

    private ByteState step(ByteState state, int c) {
        synchronized (states) {
            ByteState known = state.next[c];
            if (known != null) {
                return known;
            }
            int b = firstOfClass[c];
            Places places = new Places();
            for (int p = 0; p < state.places(); p++) {
                int node = state.node(p);
                for (int e = network.edgesFrom(node); e < network.edgesTo(node); e++) {
                    if (network.first(e) >= 0 && network.first(e) <= b && b <= network.last(e)) {
                        places.add(network.target(e), state.frame(p));
                    }
                }
            }
            ByteState next = intern(closed(places));
            state.next[c] = next;
            return next;
        }
    }

    /** Follows the edges that take no byte; keeps the places from which bytes go on. */
    private ByteState closed(Places places) {
        boolean mayEnd = false;
        long nearest = Network.NEVER;
        int kept = 0;
        int[] waiting = new int[16];
        for (int p = 0; p < places.size(); p++) {
            int node = places.node(p);
            Frame frame = places.frame(p);
            nearest = Math.min(nearest, network.bytesToEnd(node) + Frame.bytesToEnd(frame));
            if (network.isEnd(node)) {
                if (frame == null) {
                    mayEnd = true;
                } else {
                    places.add(frame.node(), frame.outer());
                }
            }
            boolean waits = false;
            for (int e = network.edgesFrom(node); e < network.edgesTo(node); e++) {
                int first = network.first(e);
                int target = network.target(e);
                if (first >= 0) {
                    waits = true;
                } else if (first == Network.NOTHING) {
                    places.add(target, frame);
                } else {
                    places.add(network.ruleStart(-2 - first), new Frame(target, frame, network.bytesToEnd(target)));
                }
            }
            if (waits) {
                if (kept == waiting.length) {
                    waiting = Arrays.copyOf(waiting, 2 * kept);
                }
                waiting[kept++] = p;
            }
        }
        return state(places, Arrays.copyOf(waiting, kept), mayEnd, nearest);
    }

    private ByteState state(Places places, int[] waiting, boolean mayEnd, long bytesToEnd) {
        Integer[] order = Arrays.stream(waiting).boxed().toArray(Integer[]::new);
        if (order.length > 1) {
            Arrays.sort(
                    order,
                    Comparator.<Integer>comparingInt(places::node).thenComparingInt(p -> Frame.hash(places.frame(p))));
        }
        int[] nodes = new int[order.length];
        @Nullable Frame[] frames = new Frame[order.length];
        for (int i = 0; i < order.length; i++) {
            nodes[i] = places.node(order[i]);
            frames[i] = places.frame(order[i]);
        }
        return new ByteState(nodes, frames, mayEnd, bytesToEnd, firstOfClass.length, epoch);
    }

    private ByteState intern(ByteState state) {
        synchronized (states) {
            ByteState known = states.get(state);
            if (known != null) {
                return known;
            }
            if (memory > maxMemory) {
                states.clear();
                memory = 0;
                epoch++;
                return intern(new ByteState(
                        nodes(state), frames(state), state.mayEnd(), state.bytesToEnd(), firstOfClass.length, epoch));
            }
            states.put(state, state);
            memory += state.memory();
            return state;
        }
    }

    private static int[] nodes(ByteState state) {
        int[] nodes = new int[state.places()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = state.node(i);
        }
        return nodes;
    }

    private static @Nullable Frame[] frames(ByteState state) {
        @Nullable Frame[] frames = new Frame[state.places()];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = state.frame(i);
        }
        return frames;
    }

    /** Bytes that no edge tells apart are one class; returns one byte of each. */
    private int[] classify() {
        boolean[] begins = new boolean[257];
        begins[0] = true;
        for (int e = 0; e < network.edges(); e++) {
            if (network.first(e) >= 0) {
                begins[network.first(e)] = true;
                begins[network.last(e) + 1] = true;
            }
        }
        int[] firsts = new int[256];
        int count = 0;
        for (int b = 0; b < 256; b++) {
            if (begins[b]) {
                firsts[count++] = b;
            }
            classes[b] = (byte) (count - 1);
        }
        return Arrays.copyOf(firsts, count);
    }
}
