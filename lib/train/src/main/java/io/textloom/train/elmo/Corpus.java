package io.textloom.train.elmo;

import io.textloom.tensor.CounterRandom;
import io.textloom.train.files.CorpusFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The encoded corpus, of any size: some parts, of which a block at a time is held. Documents lie in them by a hash of their ids; which comes when in an epoch follows from the seed and the epoch alone.
 *
 * @param parts names of files; some may be empty
 */
record Corpus(FileSystem fs, Path directory, List<String> parts, long seed) {
    /** Of documents whose order is shuffled together; unit: tokens */
    private static final int BLOCK_TOKENS = 1 << 20;

    Corpus {
        parts = List.copyOf(parts);
    }

    /** Gives documents, one after the other. */
    interface Documents {
        /** @return its ids, or null after the last */
        int @Nullable [] next();
    }

    /** All documents once, in the order of an epoch; the caller closes it. */
    Epoch epoch(int epoch) {
        List<String> order = new ArrayList<>(parts);
        long own = CounterRandom.derive(seed, "parts", epoch);
        shuffle(order, own);
        return new Epoch(order, CounterRandom.derive(seed, "documents", epoch));
    }

    /** All documents once, as they lie. */
    Epoch inOrder() {
        return new Epoch(parts, 0);
    }

    private static <T> void shuffle(List<T> list, long seed) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, (int) (CounterRandom.uniform(seed, i) * (i + 1)));
        }
    }

    /** One way through the corpus. Not safe for concurrent use. */
    final class Epoch implements Documents, Closeable {
        private final List<String> order;
        private final long shuffle;
        private final List<int[]> block = new ArrayList<>();
        private int at;
        private int part;
        private long blocks;
        private CorpusFile.@Nullable Reader in;

        private Epoch(List<String> order, long shuffle) {
            this.order = order;
            this.shuffle = shuffle;
        }

        @Override
        public int @Nullable [] next() {
            if (at == block.size()) {
                fill();
            }
            return at == block.size() ? null : block.get(at++);
        }

        private void fill() {
            block.clear();
            at = 0;
            long size = 0;
            try {
                while (size < BLOCK_TOKENS) {
                    CorpusFile.Reader reader = in;
                    if (reader == null) {
                        if (part == order.size()) {
                            break;
                        }
                        reader = new CorpusFile.Reader(fs.open(new Path(directory, order.get(part++))));
                        in = reader;
                    }
                    int length = reader.next();
                    if (length < 0) {
                        reader.close();
                        in = null;
                        continue;
                    }
                    int[] ids = new int[length];
                    for (int i = 0; i < length; i++) {
                        ids[i] = reader.next();
                    }
                    block.add(ids);
                    size += length;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the encoded corpus " + directory, e);
            }
            if (shuffle != 0) {
                shuffle(block, CounterRandom.derive(shuffle, "block", (int) blocks));
            }
            blocks++;
        }

        @Override
        public void close() {
            try {
                if (in != null) {
                    in.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close the encoded corpus " + directory, e);
            }
        }
    }
}
