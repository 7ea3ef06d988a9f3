package io.textloom.train.elmo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** Documents that are not trained on, as many as are looked at: some tens of thousands of tokens. */
final class HeldOut {
    /** Unit: tokens. */
    private static final int MOST_TOKENS = 100_000;

    final List<int[]> documents = new ArrayList<>();

    /** @param streams documents that the net reads side by side; longer ones are cut, so that none is read alone */
    HeldOut(Corpus corpus, int streams) {
        try (Corpus.Epoch all = corpus.inOrder()) {
            int tokens = 0;
            for (int[] document = all.next(); document != null && tokens < MOST_TOKENS; document = all.next()) {
                documents.add(Arrays.copyOf(document, Math.min(document.length, MOST_TOKENS / streams + 2)));
                tokens += documents.get(documents.size() - 1).length;
            }
        }
    }

    /** The loss of both directions; the states that the net carries are as before. */
    Losses loss(Net net, Chunk ahead, Chunk back) {
        if (documents.isEmpty()) {
            return Losses.NONE;
        }
        List<float[]> live = net.states();
        List<float[]> kept = live.stream().map(float[]::clone).toList();
        net.reset();
        Iterator<int[]> rest = documents.iterator();
        Streams streams = new Streams(ahead.batch);
        Losses losses = Losses.NONE;
        while (streams.next(() -> rest.hasNext() ? rest.next() : null, ahead, back) > 0) {
            losses = losses.plus(net.loss(ahead, back));
        }
        IntStream.range(0, live.size())
                .forEach(i -> System.arraycopy(kept.get(i), 0, live.get(i), 0, kept.get(i).length));
        return losses;
    }
}
