package io.textloom.train.word2vec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.textloom.train.files.CorpusFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The small parts: tables, draws, the encoded corpus, the vocabulary. */
class PartsTest {
    @Test
    void noiseFollowsTheCountsToThePowerOfThreeQuarters() {
        long[] counts = {1000, 1, 10, 100, 0};
        Noise noise = new Noise(counts);
        Draws draws = new Draws(4);
        int[] found = new int[counts.length];
        int total = 400_000;
        for (int i = 0; i < total; i++) {
            found[noise.draw(draws.next())]++;
        }
        double sum = 0;
        for (long count : counts) {
            sum += Math.pow(count, 0.75);
        }
        for (int i = 0; i < counts.length; i++) {
            assertThat(found[i] / (double) total).isCloseTo(Math.pow(counts[i], 0.75) / sum, within(0.003));
        }
    }

    @Test
    void frequentWordsAreThinnedOutAsTheRuleSays() {
        long[] counts = {900_000, 99_000, 1000};
        Thinning thinning = new Thinning(counts, 1e-3);
        int[] ids = new int[30_000];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % 3;
        }
        int[] out = new int[ids.length];
        int size = thinning.thin(ids, 0, ids.length, new Draws(1), out);
        int[] found = new int[3];
        for (int i = 0; i < size; i++) {
            found[out[i]]++;
        }
        for (int word = 0; word < 3; word++) {
            double ratio = 1e-3 * 1_000_000 / counts[word];
            assertThat(found[word] / 10_000.0).isCloseTo(Math.min(1, Math.sqrt(ratio) + ratio), within(0.01));
        }
    }

    @Test
    void wordsAreFoundByTheirBytes() throws Exception {
        List<String> words = List.of("a", "ab", "café", "日", "zz");
        WordIndex index = copy(index(words));
        for (int i = 0; i < words.size(); i++) {
            byte[] text = ("x" + words.get(i) + "y").getBytes(StandardCharsets.UTF_8);
            assertThat(index.number(text, 1, text.length - 1)).isEqualTo(i);
            assertThat(index.number(text, 0, text.length)).isEqualTo(-1);
            assertThat(index.word(i)).isEqualTo(words.get(i));
        }
    }

    @Test
    void pairsKeepTheirNumbersHoweverManyThereAre() throws Exception {
        PairTable table = new PairTable();
        Map<Long, Long> expected = new HashMap<>();
        Random random = new Random(9);
        for (int i = 0; i < 5000; i++) {
            long key = PairTable.key(random.nextInt(60), random.nextInt(60) - 1);
            table.add(key, i);
            expected.merge(key, (long) i, Long::sum);
        }
        PairTable copy = copy(table);
        assertThat(copy.size()).isEqualTo(expected.size());
        expected.forEach((key, sum) -> assertThat(copy.get(key)).isEqualTo(sum));
        assertThat(copy.get(PairTable.key(61, 0))).isEqualTo(-1);
        assertThat(PairTable.left(PairTable.key(7, -1))).isEqualTo(7);
        assertThat(PairTable.right(PairTable.key(7, -1))).isEqualTo(-1);
    }

    @Test
    void passesJoinFromLeftToRightAndTheNextPassJoinsPhrases() throws Exception {
        Units units = new Units(index(List.of("new", "york", "times")))
                .with(new long[] {PairTable.key(0, 1)})
                .with(new long[] {PairTable.key(3, 2)});
        units = copy(units);

        int[] ids = {0, 1, 2, 0, 1, 1, 0};
        assertThat(units.join(ids, 7)).isEqualTo(4);
        assertThat(ids).startsWith(4, 3, 1, 0);
        assertThat(units.text(4)).isEqualTo("new_york_times");
    }

    @Test
    void theEncodedCorpusReadsAsItWasWritten() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> expected = new ArrayList<>();
        Random random = new Random(2);
        try (CorpusFile.Writer writer = new CorpusFile.Writer(bytes)) {
            for (int s = 0; s < 500; s++) {
                int[] ids = random.ints(random.nextInt(300), 0, 1 << random.nextInt(1, 31))
                        .toArray();
                writer.sentence(ids, 0, ids.length);
                expected.add(ids.length);
                for (int id : ids) {
                    expected.add(id);
                }
            }
        }
        List<Integer> found = new ArrayList<>();
        try (CorpusFile.Reader reader = new CorpusFile.Reader(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (int number = reader.next(); number >= 0; number = reader.next()) {
                found.add(number);
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void frequentUnitsComeFirstAndPartsOfPhrasesKeepAnId() throws IOException {
        Units units = new Units(index(List.of("new", "york", "in", "the"))).with(new long[] {PairTable.key(0, 1)});
        Prepared made = Prepared.of(
                units,
                new long[] {2, 0, 30, 30, 12},
                5,
                0,
                List.of("part-00000.ids"),
                new TreeMap<>(Map.of("rowsIn", 9L)),
                new TreeMap<>());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        made.write(new DataOutputStream(bytes));
        Prepared prepared = Prepared.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

        assertThat(prepared.texts).containsExactly("in", "the", "new_york", "new", "york");
        assertThat(prepared.counts).containsExactly(30, 30, 12);
        assertThat(idsOf(prepared, 0)).isEmpty();
        assertThat(idsOf(prepared, 1)).isEmpty();
        assertThat(idsOf(prepared, 2)).containsExactly(0);
        assertThat(idsOf(prepared, 4)).containsExactly(2);
        assertThat(prepared.phrases).hasSize(1);
        assertThat(prepared.phrases.get(0)).containsExactly(1, 3, 4, 2);
        assertThat(prepared.corpusWords()).isEqualTo(72);
        assertThat(prepared.figure("rowsIn")).isEqualTo(9);
        assertThat(prepared.parts).containsExactly("part-00000.ids");
    }

    @Test
    void aPhraseTooRareForAVectorIsItsPartsAgain() {
        Units units = new Units(index(List.of("new", "york", "times", "in")))
                .with(new long[] {PairTable.key(0, 1)})
                .with(new long[] {PairTable.key(4, 2), PairTable.key(3, 4)});
        // new york 3 times, new york times 4, in new york 9
        long[] occurrences = {20, 0, 1, 30, 3, 4, 9};
        Prepared prepared = Prepared.of(units, occurrences, 5, 0, List.of(), new TreeMap<>(Map.of()), new TreeMap<>());

        assertThat(prepared.texts).startsWith("in", "new", "in_new_york", "new_york", "times");
        assertThat(prepared.counts).containsExactly(30, 20, 9, 7, 5);
        assertThat(idsOf(prepared, 5)).containsExactly(3, 4);
        assertThat(idsOf(prepared, 1)).isEmpty();

        Prepared three = Prepared.of(units, occurrences, 5, 2, List.of(), new TreeMap<>(Map.of()), new TreeMap<>());
        assertThat(three.texts).startsWith("in", "new");
        assertThat(three.counts).containsExactly(39, 36);
        assertThat(idsOf(three, 6)).containsExactly(0, 1);
        assertThat(idsOf(three, 5)).containsExactly(1);
    }

    private static int[] idsOf(Prepared prepared, int unit) {
        int[] ids = new int[Corpus.Words.MOST + 1];
        return Arrays.copyOfRange(ids, 1, 1 + prepared.ids(unit, ids, 1));
    }

    @Test
    void unknownWordsKeepTheirNeighboursApart() {
        Units units = new Units(index(List.of("new", "york"))).with(new long[] {PairTable.key(0, 1)});
        SentenceReader reader = new SentenceReader(units, false, true);
        List<Integer> found = new ArrayList<>();
        reader.read("Unheard new or old york, new york", (ids, from, to) -> {
            for (int i = from; i < to; i++) {
                found.add(ids[i]);
            }
        });
        assertThat(found).containsExactly(0, SentenceReader.GAP, 1, 2);
    }

    @Test
    void longSentencesAreCutAndUnknownWordsLeftOut() {
        SentenceReader reader = new SentenceReader(new Units(index(List.of("don't", "stop"))), false, true);
        List<Integer> lengths = new ArrayList<>();
        reader.read(
                "Don’t, STOP — never ".repeat(SentenceReader.MAX_SENTENCE),
                (ids, from, to) -> lengths.add((int) Arrays.stream(ids, from, to)
                        .filter(id -> id != SentenceReader.GAP)
                        .count()));
        assertThat(lengths).containsExactly(SentenceReader.MAX_SENTENCE, SentenceReader.MAX_SENTENCE);
    }

    private static WordIndex index(List<String> words) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
        int[] ends = new int[words.size()];
        for (int i = 0; i < ends.length; i++) {
            utf8.writeBytes(words.get(i).getBytes(StandardCharsets.UTF_8));
            ends[i] = utf8.size();
        }
        return new WordIndex(utf8.toByteArray(), ends);
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T value) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
