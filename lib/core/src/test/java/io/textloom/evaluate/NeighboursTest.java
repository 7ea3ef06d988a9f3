package io.textloom.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.textloom.evaluate.Neighbours.Neighbour;
import io.textloom.spark.LocalSpark;
import io.textloom.table.EmbeddingTable;
import io.textloom.tensor.VectorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursTest {
    @TempDir
    Path directory;

    @Test
    void theNearestComeFirstWithTheirCosine() {
        Neighbours neighbours = new Neighbours(
                List.of("east", "north", "northeast", "west"), new int[4], new float[] {2, 0, 0, 3, 5, 5, -1, 0}, 2);

        List<Neighbour> found = neighbours.of("east", 3);

        assertThat(found).extracting(Neighbour::id).containsExactly("northeast", "north", "west");
        assertThat(found.get(0).similarity()).isCloseTo(Math.sqrt(0.5), within(1e-6));
        assertThat(found.get(1).similarity()).isCloseTo(0, within(1e-6));
        assertThat(found.get(2).similarity()).isCloseTo(-1, within(1e-6));
    }

    @Test
    void windowsOfTheSameDocumentAreNotItsNeighbours() {
        Neighbours neighbours =
                new Neighbours(List.of("a", "a", "b"), new int[] {0, 1, 0}, new float[] {1, 0, 1, 0.1f, 0, 1}, 2);
        assertThat(neighbours.of("a", 5)).extracting(Neighbour::id).containsExactly("b");
        assertThat(neighbours.of("b", 1)).extracting(Neighbour::chunk).containsExactly(1);
    }

    @Test
    void equalSimilaritiesAreInTheOrderOfTheirIds() {
        Neighbours neighbours =
                new Neighbours(List.of("c", "b", "a", "query"), new int[4], new float[] {1, 0, 1, 0, 1, 0, 1, 0}, 2);
        assertThat(neighbours.of("query", 2)).extracting(Neighbour::id).containsExactly("a", "b");
    }

    @Test
    void findsWhatSortingFinds() {
        int count = 207;
        int dimensions = 13;
        Random random = new Random(5);
        float[] vectors = new float[count * dimensions];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = (float) random.nextGaussian();
        }
        float[] query = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            query[d] = (float) random.nextGaussian();
        }
        List<String> ids = IntStream.range(0, count)
                .mapToObj(i -> String.format("%03d", i))
                .toList();

        List<String> sorted = ids.stream()
                .sorted((a, b) -> Double.compare(cosine(query, vectors, b), cosine(query, vectors, a)))
                .limit(10)
                .toList();

        assertThat(new Neighbours(ids, new int[count], vectors, dimensions).of(query, 10))
                .extracting(Neighbour::id)
                .isEqualTo(sorted);
    }

    @Test
    void readsWhatAnEmbedJobWrites() {
        String output = directory.resolve("embeddings").toString();
        LocalSpark.session()
                .createDataFrame(
                        List.of(
                                RowFactory.create("b", 0, new float[] {0, 1}, 3, 0, false),
                                RowFactory.create("a", 0, new float[] {1, 0}, 3, 0, false),
                                RowFactory.create("a", 1, new float[] {1, 1}, 3, 0, false)),
                        new EmbeddingTable(2, VectorType.FLOAT32, false, false, true, false).schema())
                .write()
                .parquet(output);

        Neighbours neighbours = Neighbours.read(LocalSpark.session(), output);

        assertThat(neighbours.size()).isEqualTo(3);
        assertThat(neighbours.dimensions()).isEqualTo(2);
        assertThat(neighbours.of("b", 1))
                .extracting(Neighbour::id, Neighbour::chunk)
                .containsExactly(tuple("a", 1));
    }

    @Test
    void badQueriesAreRefused() {
        Neighbours neighbours = new Neighbours(List.of("a"), new int[1], new float[] {1, 0}, 2);
        assertThatThrownBy(() -> neighbours.of("z", 1)).hasMessageContaining("no vector of the document z");
        assertThatThrownBy(() -> neighbours.of(new float[3], 1)).hasMessageContaining("3 dimensions; expected 2");
        assertThatThrownBy(() -> new Neighbours(List.of("a"), new int[1], new float[3], 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Neighbours(List.of(), new int[0], new float[0], 0).size())
                .isZero();
    }

    private static double cosine(float[] query, float[] vectors, String id) {
        int offset = Integer.parseInt(id) * query.length;
        double dot = 0;
        double squares = 0;
        for (int d = 0; d < query.length; d++) {
            dot += (double) query[d] * vectors[offset + d];
            squares += (double) vectors[offset + d] * vectors[offset + d];
        }
        return dot / Math.sqrt(squares);
    }
}
