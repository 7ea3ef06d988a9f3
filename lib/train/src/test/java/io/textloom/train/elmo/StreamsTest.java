package io.textloom.train.elmo;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.train.files.CorpusFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {
    @TempDir
    Path dir;

    @Test
    void bothDirectionsReadTheSameDocumentsEachFromItsEnd() {
        Iterator<int[]> documents =
                List.of(new int[] {1, 2, 3}, new int[] {4, 5}, new int[] {6, 7}).iterator();
        Streams streams = new Streams(2);
        Chunk ahead = new Chunk(2, 4);
        Chunk back = new Chunk(2, 4);
        int tokens = streams.next(() -> documents.hasNext() ? documents.next() : null, ahead, back);

        // the first stream reads 1 2 3 4, the second 6 7 and then nothing: documents are taken in the order of streams
        assertThat(tokens).isEqualTo(6);
        assertThat(ahead.ids).containsExactly(1, 6, 2, 7, 3, 0, 4, 0);
        assertThat(ahead.targets).containsExactly(2, 7, 3, -1, -1, -1, 5, -1);
        assertThat(ahead.keep).containsExactly(0, 0, 1, 1, 1, 0, 0, 0);
        assertThat(back.ids).containsExactly(3, 7, 2, 6, 1, 0, 5, 0);
        assertThat(back.targets).containsExactly(2, 6, 1, -1, -1, -1, 4, -1);
        assertThat(back.keep).isEqualTo(ahead.keep);

        assertThat(streams.next(() -> null, ahead, back)).isEqualTo(1);
        assertThat(ahead.ids[0]).isEqualTo(5);
        assertThat(ahead.targets[0]).isEqualTo(Chunk.NOTHING);
        assertThat(streams.next(() -> null, ahead, back)).isZero();
    }

    @Test
    void everyEpochHasAllDocumentsOnceInAnOrderOfItsOwn() throws IOException {
        Corpus corpus = corpus();
        List<Integer> first = read(corpus, 0);
        List<Integer> second = read(corpus, 1);
        assertThat(first).hasSize(50).containsExactlyInAnyOrderElementsOf(read(corpus, 1));
        assertThat(first).isEqualTo(read(corpus, 0)).isNotEqualTo(second).isNotEqualTo(sorted(first));
    }

    @Test
    void aSourceThatBeginsLaterGivesTheSameAsOneThatWasReadSoFar() throws IOException {
        Corpus corpus = corpus();
        try (Endless whole = new Endless(corpus, 50, 0);
                Endless later = new Endless(corpus, 50, 173)) {
            for (int i = 0; i < 173; i++) {
                whole.next();
            }
            for (int i = 0; i < 90; i++) {
                assertThat(later.next()).isEqualTo(whole.next());
            }
            assertThat(later.taken()).isEqualTo(whole.taken()).isEqualTo(263);
        }
    }

    @Test
    void streamsThatAreReadAgainGoOnWhereTheyWere() throws IOException {
        Corpus corpus = corpus();
        Chunk ahead = new Chunk(3, 5);
        Chunk back = new Chunk(3, 5);
        try (Endless documents = new Endless(corpus, 50, 0)) {
            Streams streams = new Streams(3);
            for (int i = 0; i < 7; i++) {
                streams.next(documents, ahead, back);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            streams.write(new DataOutputStream(bytes));
            try (Endless rest = new Endless(corpus, 50, documents.taken())) {
                Streams again = new Streams(3);
                again.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
                Chunk found = new Chunk(3, 5);
                for (int i = 0; i < 9; i++) {
                    streams.next(documents, ahead, back);
                    again.next(rest, found, back);
                    assertThat(found.ids).isEqualTo(ahead.ids);
                    assertThat(found.targets).isEqualTo(ahead.targets);
                }
            }
        }
    }

    private static List<Integer> read(Corpus corpus, int epoch) {
        List<Integer> firsts = new ArrayList<>();
        try (Corpus.Epoch documents = corpus.epoch(epoch)) {
            for (int[] document = documents.next(); document != null; document = documents.next()) {
                firsts.add(document[0]);
            }
        }
        return firsts;
    }

    private static List<Integer> sorted(List<Integer> numbers) {
        return numbers.stream().sorted().toList();
    }

    /** Fifty documents in three parts, one of them empty; each begins with its number. */
    private Corpus corpus() throws IOException {
        List<String> parts = List.of("a", "b", "c");
        for (String part : parts) {
            try (CorpusFile.Writer out = new CorpusFile.Writer(Files.newOutputStream(dir.resolve(part)))) {
                for (int i = 0; i < 50 && !part.equals("b"); i++) {
                    int[] document = new int[2 + i % 5];
                    Arrays.fill(document, i);
                    if (i % 2 == (part.equals("a") ? 0 : 1)) {
                        out.sentence(document, 0, document.length);
                    }
                }
            }
        }
        return new Corpus(
                FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(dir.toString()), parts, 5);
    }
}
