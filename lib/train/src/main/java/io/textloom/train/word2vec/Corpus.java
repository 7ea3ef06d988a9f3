package io.textloom.train.word2vec;

import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.train.files.CorpusFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The encoded corpus, of any size: its parts are read one after the other, in the order of their names.
 *
 * @param words the ids of units; those without one are left out
 */
record Corpus(FileSystem fs, Path directory, List<String> parts, Words words) {
    /** A block is full with it; a sentence may go beyond; unit: words */
    private static final int BLOCK_WORDS = 10_000;

    Corpus {
        parts = List.copyOf(parts);
    }

    /** Unit number → ids. */
    @FunctionalInterface
    interface Words {
        /** Most ids of a unit: a phrase may be as many words. */
        int MOST = 1 << TrainWord2VecOptions.MAX_PHRASE_PASSES;

        /**
         * @param into written to from {@code at} on
         * @return how many ids: none for a word without a vector, those of its parts for a phrase without one
         */
        int ids(int unit, int[] into, int at);
    }

    Blocks blocks() {
        return new Blocks();
    }

    /** Counts all units, whether or not they have an id. */
    static long[] countUnits(FileSystem fs, Path directory, List<String> parts, int units) throws IOException {
        long[] counts = new long[units];
        for (String part : parts) {
            try (CorpusFile.Reader in = new CorpusFile.Reader(fs.open(new Path(directory, part)))) {
                for (int length = in.next(); length >= 0; length = in.next()) {
                    for (int i = 0; i < length; i++) {
                        counts[in.next()]++;
                    }
                }
            }
        }
        return counts;
    }

    /** One way through the corpus. Not safe for concurrent use. */
    final class Blocks implements Closeable {
        private int part;
        private CorpusFile.@Nullable Reader in;

        /** @return false at the end, where the block stays empty */
        boolean next(SentenceBlock block) throws IOException {
            block.clear();
            while (block.words() < BLOCK_WORDS) {
                CorpusFile.Reader reader = in;
                if (reader == null) {
                    if (part == parts.size()) {
                        break;
                    }
                    reader = new CorpusFile.Reader(fs.open(new Path(directory, parts.get(part++))));
                    in = reader;
                }
                int length = reader.next();
                if (length < 0) {
                    reader.close();
                    in = null;
                } else {
                    read(reader, length, block);
                }
            }
            return block.size() > 0;
        }

        private void read(CorpusFile.Reader reader, int length, SentenceBlock block) throws IOException {
            int at = block.words();
            int size = 0;
            for (int i = 0; i < length; i++) {
                size += words.ids(reader.next(), block.room(size + Words.MOST), at + size);
            }
            if (size > 0) {
                block.added(size);
            }
        }

        @Override
        public void close() throws IOException {
            if (in != null) {
                in.close();
            }
        }
    }
}
