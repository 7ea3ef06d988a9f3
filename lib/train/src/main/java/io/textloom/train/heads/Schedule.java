package io.textloom.train.heads;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows stand in which step of an epoch: follows from seed and epoch alone. Each head's blocks come in a drawn order and are shuffled within; which head has the next step is drawn by how many steps each has left.
 */
final class Schedule {
    private final List<List<Block>> blocks;
    private final int batchRows;
    private final long seed;

    /** @param blocks of each head */
    Schedule(List<List<Block>> blocks, int batchRows, long seed) {
        this.blocks = blocks;
        this.batchRows = batchRows;
        this.seed = seed;
    }

    /** The steps of an epoch, in their order. */
    List<BatchPlace> epoch(int epoch) {
        List<List<BatchPlace>> ofHeads = new ArrayList<>();
        int left = 0;
        for (int head = 0; head < blocks.size(); head++) {
            ofHeads.add(steps(head, epoch));
            left += ofHeads.get(head).size();
        }
        Draws draws = new Draws(seed, epoch, blocks.size());
        int[] done = new int[blocks.size()];
        List<BatchPlace> all = new ArrayList<>(left);
        for (; left > 0; left--) {
            int drawn = draws.below(left);
            int head = 0;
            while (drawn >= ofHeads.get(head).size() - done[head]) {
                drawn -= ofHeads.get(head).size() - done[head];
                head++;
            }
            all.add(ofHeads.get(head).get(done[head]++));
        }
        return all;
    }

    private List<BatchPlace> steps(int head, int epoch) {
        Draws draws = new Draws(seed, epoch, head);
        List<Block> own = blocks.get(head);
        List<BatchPlace> steps = new ArrayList<>();
        for (int number : draws.permutation(own.size())) {
            Block block = own.get(number);
            long order = draws.next();
            for (int from = 0; from < block.examples(); from += batchRows) {
                steps.add(new BatchPlace(head, block, order, from, Math.min(from + batchRows, block.examples())));
            }
        }
        return steps;
    }
}
