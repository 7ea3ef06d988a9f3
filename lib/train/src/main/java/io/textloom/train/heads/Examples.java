package io.textloom.train.heads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads examples of some heads, the block that was read last kept for each. Not safe for concurrent use. */
final class Examples {
    private final FileSystem fs;
    private final Path directory;
    private final List<String> names;
    private final Block[] last;
    private final List<List<Example>> kept = new ArrayList<>();

    /** @param directory with a directory of each head's name */
    Examples(FileSystem fs, Path directory, List<String> names) {
        this.fs = fs;
        this.directory = directory;
        this.names = List.copyOf(names);
        this.last = new Block[names.size()];
        for (int i = 0; i < last.length; i++) {
            last[i] = new Block("", 0, 0, 0);
            kept.add(List.of());
        }
    }

    /** The rows of a step. */
    List<Example> of(BatchPlace place) {
        List<Example> block = block(place.head(), place.block());
        int[] order = new Draws(place.order()).permutation(block.size());
        List<Example> rows = new ArrayList<>(place.to() - place.from());
        for (int i = place.from(); i < place.to(); i++) {
            rows.add(block.get(order[i]));
        }
        return rows;
    }

    /** All rows of some blocks. */
    void each(int head, List<Block> blocks, Consumer<Example> reader) {
        for (Block block : blocks) {
            block(head, block).forEach(reader);
        }
    }

    private List<Example> block(int head, Block block) {
        if (!block.equals(last[head])) {
            try {
                kept.set(head, ExampleFile.read(fs, new Path(directory, names.get(head)), block));
                last[head] = block;
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the vectors of " + names.get(head), e);
            }
        }
        return kept.get(head);
    }
}
