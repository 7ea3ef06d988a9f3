package io.textloom.generate;

import io.textloom.runtime.DecodeState;
import io.textloom.runtime.KvBlock;
import io.textloom.runtime.OutOfDeviceMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of beginnings that several prompts have, in blocks of {@link DecodeState#BLOCK} tokens. Safe for concurrent use.
 *
 * <p>Prompts are cut into blocks whether they are shared or not, and a block is computed by the same call each time: what comes out of the cache has the
 * bits that would have been computed. A block is kept when a second prompt that begins with it is known, and is then computed by one lane while the others
 * wait for it. The blocks unused for longest make room for new ones.
 */
final class PrefixCache implements AutoCloseable {
    private final long blockBytes;
    private final long maxBytes;
    private final Node root = new Node(null, new int[0]);
    /** Nodes that hold a block. */
    private final List<Node> held = new ArrayList<>();

    /** Blocks that room was made for and that are not held yet. */
    private int promised;

    private long clock;

    /**
     * @param blockBytes memory of one block
     * @param maxBytes most memory of all; 0 for a cache that keeps nothing
     */
    PrefixCache(long blockBytes, long maxBytes) {
        this.blockBytes = blockBytes;
        this.maxBytes = maxBytes;
    }

    /** The blocks that a prompt begins with. */
    static final class Chain {
        static final Chain NONE = new Chain(List.of());

        private final List<Node> nodes;

        private Chain(List<Node> nodes) {
            this.nodes = nodes;
        }
    }

    /** A block behind those of its parents. */
    private static final class Node {
        private final @Nullable Node parent;
        private final int[] ids;
        private final Map<Key, Node> children = new HashMap<>();
        /** Prompts that begin with it, complete ones left out. */
        private int awaited;

        private int pins;
        private boolean computing;
        private @Nullable KvBlock block;
        private long lastUsed;

        Node(@Nullable Node parent, int[] ids) {
            this.parent = parent;
            this.ids = ids;
        }

        boolean isNeeded() {
            return awaited > 0 || pins > 0 || computing || block != null || !children.isEmpty();
        }
    }

    /** Token ids by value. */
    private static final class Key {
        private final int[] ids;

        Key(int[] ids) {
            this.ids = ids;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(ids, key.ids);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ids);
        }
    }

    /** Announces a prompt. The last token is never part of a block: its logits have to be computed. */
    synchronized Chain enter(int[] ids, int samples) {
        int blocks = maxBytes < blockBytes ? 0 : (ids.length - 1) / DecodeState.BLOCK;
        if (blocks == 0) {
            return Chain.NONE;
        }
        List<Node> nodes = new ArrayList<>(blocks);
        Node node = root;
        for (int i = 0; i < blocks; i++) {
            int[] block = Arrays.copyOfRange(ids, i * DecodeState.BLOCK, (i + 1) * DecodeState.BLOCK);
            Node parent = node;
            node = parent.children.computeIfAbsent(new Key(block), key -> new Node(parent, block));
            node.awaited += samples;
            nodes.add(node);
        }
        return new Chain(nodes);
    }

    /** A prompt that was announced is done with. */
    synchronized void leave(Chain chain, int samples) {
        for (int i = chain.nodes.size() - 1; i >= 0; i--) {
            Node node = chain.nodes.get(i);
            node.awaited -= samples;
            forgetIfUnneeded(node);
        }
    }

    /** The node, and those before it that were there for its sake alone. */
    private static void forgetIfUnneeded(Node node) {
        Node parent = node.parent;
        if (parent != null && !node.isNeeded() && parent.children.remove(new Key(node.ids), node)) {
            forgetIfUnneeded(parent);
        }
    }

    /**
     * Begins a slot with all of a prompt but its last token, blocks that are held instead of computed where there are any.
     *
     * @return tokens that were not computed
     */
    int prefill(DecodeState state, int slot, int[] ids, Chain chain) {
        state.begin(slot);
        int restored = 0;
        for (int i = 0; i < chain.nodes.size(); i++) {
            Node node = chain.nodes.get(i);
            int from = i * DecodeState.BLOCK;
            KvBlock block = pin(node);
            if (block != null) {
                try {
                    state.restore(slot, block);
                } finally {
                    unpin(node, chain.nodes.size() - i);
                }
                restored += DecodeState.BLOCK;
            } else {
                compute(state, slot, ids, from, node);
            }
        }
        state.extend(slot, ids, chain.nodes.size() * DecodeState.BLOCK, ids.length - 1);
        return restored;
    }

    private void compute(DecodeState state, int slot, int[] ids, int from, Node node) {
        boolean keep = claim(node);
        boolean room = false;
        KvBlock made = null;
        try {
            state.extend(slot, ids, from, from + DecodeState.BLOCK);
            room = keep && makeRoom();
            made = room ? saved(state, slot) : null;
        } finally {
            if (keep) {
                publish(node, room, made);
            }
        }
    }

    /** A copy of the last block; null where there is no memory for it after all, which is the cache's business and not the row's. */
    private static @Nullable KvBlock saved(DecodeState state, int slot) {
        try {
            return state.save(slot);
        } catch (OutOfDeviceMemory e) {
            return null;
        }
    }

    /** The node's block, waited for if it is being computed; null if nobody computes it. */
    private synchronized @Nullable KvBlock pin(Node node) {
        boolean interrupted = false;
        while (node.computing) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (node.block != null) {
            node.pins++;
        }
        return node.block;
    }

    /** @param depth the deeper a block in its prompt, the sooner it goes: without those before it is of no use */
    private synchronized void unpin(Node node, int depth) {
        node.pins--;
        node.lastUsed = ++clock + depth;
    }

    /** Whether the caller is to keep the block it computes now. */
    private synchronized boolean claim(Node node) {
        if (node.awaited < 2 || node.computing || node.block != null) {
            return false;
        }
        node.computing = true;
        return true;
    }

    private synchronized boolean makeRoom() {
        while ((held.size() + promised + 1) * blockBytes > maxBytes) {
            Node oldest = null;
            for (Node node : held) {
                if (node.pins == 0 && (oldest == null || node.lastUsed < oldest.lastUsed)) {
                    oldest = node;
                }
            }
            if (oldest == null || oldest.block == null) {
                return false;
            }
            oldest.block.close();
            oldest.block = null;
            held.remove(oldest);
            forgetIfUnneeded(oldest);
        }
        promised++;
        return true;
    }

    private synchronized void publish(Node node, boolean promise, @Nullable KvBlock block) {
        node.computing = false;
        promised -= promise ? 1 : 0;
        if (block != null) {
            node.block = block;
            node.lastUsed = ++clock;
            held.add(node);
        }
        forgetIfUnneeded(node);
        notifyAll();
    }

    @Override
    public synchronized void close() {
        for (Node node : held) {
            if (node.block != null) {
                node.block.close();
                node.block = null;
            }
        }
        held.clear();
    }
}
