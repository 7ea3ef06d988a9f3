package io.textloom.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Which saved blocks the memory of each slot still begins with, whatever the slot is used for: rows that follow one another in a slot often begin alike, and
 * what lies there need not be copied there again.
 */
final class SlotBlocks {
    private final List<List<KvBlock>> bySlot = new ArrayList<>();

    SlotBlocks(int slots) {
        for (int i = 0; i < slots; i++) {
            bySlot.add(new ArrayList<>());
        }
    }

    boolean has(int slot, int index, KvBlock block) {
        List<KvBlock> blocks = bySlot.get(slot);
        return index < blocks.size() && blocks.get(index) == block;
    }

    /** The slot holds a block there now; what it held behind is forgotten. */
    void put(int slot, int index, KvBlock block) {
        List<KvBlock> blocks = bySlot.get(slot);
        if (index <= blocks.size()) {
            cut(blocks, index);
            blocks.add(block);
        }
    }

    /** The slot's memory is written from a token on. */
    void overwritten(int slot, int firstToken) {
        cut(bySlot.get(slot), firstToken / DecodeState.BLOCK);
    }

    private static void cut(List<KvBlock> blocks, int count) {
        while (blocks.size() > count) {
            blocks.remove(blocks.size() - 1);
        }
    }
}
