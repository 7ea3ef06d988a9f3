package io.textloom.train.elmo;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Documents side by side: where one ends its stream goes on with the next that nobody has taken. Both directions read the same documents at the same time, the backward one each from its end. Not safe for concurrent use.
 */
final class Streams {
    private static final int[] NONE = {};

    private final int[][] current;
    private final int[] at;

    Streams(int batch) {
        current = new int[batch][];
        at = new int[batch];
        Arrays.fill(current, NONE);
    }

    /**
     * Fills the next chunk of both directions.
     *
     * @param documents where streams go on
     * @return how many tokens are in it; 0 at the end, which an endless source never comes to
     */
    int next(Corpus.Documents documents, Chunk ahead, Chunk back) {
        int tokens = 0;
        for (int stream = 0; stream < ahead.batch; stream++) {
            for (int step = 0; step < ahead.steps; step++) {
                int row = step * ahead.batch + stream;
                if (at[stream] == current[stream].length) {
                    int @Nullable [] document = documents.next();
                    current[stream] = document == null ? NONE : document;
                    at[stream] = 0;
                }
                tokens += put(current[stream], at[stream], row, ahead, back);
                at[stream] += current[stream].length == 0 ? 0 : 1;
            }
        }
        return tokens;
    }

    private static int put(int[] document, int place, int row, Chunk ahead, Chunk back) {
        if (document.length == 0) {
            ahead.nothing(row);
            back.nothing(row);
            return 0;
        }
        int last = document.length - 1;
        boolean ends = place == last;
        ahead.put(row, document[place], ends ? Chunk.NOTHING : document[place + 1], place == 0);
        back.put(row, document[last - place], ends ? Chunk.NOTHING : document[last - place - 1], place == 0);
        return 1;
    }

    void write(DataOutputStream out) throws IOException {
        for (int stream = 0; stream < current.length; stream++) {
            out.writeInt(at[stream]);
            out.writeInt(current[stream].length);
            for (int id : current[stream]) {
                out.writeInt(id);
            }
        }
    }

    void read(DataInputStream in) throws IOException {
        for (int stream = 0; stream < current.length; stream++) {
            at[stream] = in.readInt();
            current[stream] = new int[in.readInt()];
            for (int i = 0; i < current[stream].length; i++) {
                current[stream][i] = in.readInt();
            }
        }
    }
}
