package io.textloom.evaluate;

import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Exact nearest neighbours by cosine among all vectors of one output, held in memory.
 *
 * <p>Every vector is compared with every query: right for what a driver can hold (some hundred thousand vectors), and the measure of what an
 * index may miss.
 */
public final class Neighbours {
    private final List<String> ids;
    private final int[] chunks;
    private final int dimensions;

    /** {@code (vectors, dimensions)}, row-major, each row of length 1 or 0. */
    private final float[] vectors;

    /** Greatest first; among equals the order of id and chunk. */
    private static final Comparator<Neighbour> NEAREST_FIRST = Comparator.comparingDouble(Neighbour::similarity)
            .reversed()
            .thenComparing(Neighbour::id)
            .thenComparingInt(Neighbour::chunk);

    /**
     * A vector near to a query.
     *
     * @param chunk number of the window within its document
     * @param similarity cosine, -1 to 1
     */
    public record Neighbour(String id, int chunk, double similarity) {}

    /**
     * @param ids one per vector; a document of several windows repeats its own
     * @param vectors {@code (ids, dimensions)}, row-major; copied
     */
    public Neighbours(List<String> ids, int[] chunks, float[] vectors, int dimensions) {
        if (chunks.length != ids.size() || (long) ids.size() * dimensions != vectors.length) {
            throw new IllegalArgumentException(ids.size() + " ids, " + chunks.length + " chunks and " + vectors.length
                    + " numbers do not make vectors of " + dimensions + " dimensions");
        }
        this.ids = List.copyOf(ids);
        this.chunks = chunks.clone();
        this.dimensions = dimensions;
        this.vectors = vectors.clone();
        for (int row = 0; row < ids.size(); row++) {
            normalise(this.vectors, row * dimensions, dimensions);
        }
    }

    /** Reads what an embed job committed as Parquet. */
    public static Neighbours read(SparkSession spark, String output) {
        List<Row> rows = spark.read()
                .parquet(output)
                .select(Columns.ID, Columns.CHUNK_INDEX, Columns.EMBEDDING)
                .orderBy(Columns.ID, Columns.CHUNK_INDEX)
                .collectAsList();
        int dimensions = rows.isEmpty() ? 0 : rows.get(0).getList(2).size();
        List<String> ids = new ArrayList<>(rows.size());
        int[] chunks = new int[rows.size()];
        float[] vectors = new float[Math.multiplyExact(rows.size(), dimensions)];
        for (int i = 0; i < rows.size(); i++) {
            List<Float> vector = rows.get(i).getList(2);
            if (vector.size() != dimensions) {
                throw new IllegalStateException(output + " holds vectors of " + dimensions + " and of " + vector.size()
                        + " dimensions; run textloom verify on it");
            }
            ids.add(rows.get(i).getString(0));
            chunks[i] = rows.get(i).getInt(1);
            for (int d = 0; d < dimensions; d++) {
                vectors[i * dimensions + d] = vector.get(d);
            }
        }
        return new Neighbours(ids, chunks, vectors, dimensions);
    }

    /** Vectors held. */
    public int size() {
        return ids.size();
    }

    /** Length of every vector; unit: dimensions */
    public int dimensions() {
        return dimensions;
    }

    /**
     * The nearest windows of other documents to the first window of a document, nearest first.
     *
     * @return at most {@code count}
     * @throws IllegalArgumentException if there is no such document
     */
    public List<Neighbour> of(String id, int count) {
        int row = ids.indexOf(id);
        if (row < 0) {
            throw new IllegalArgumentException("There is no vector of the document " + id);
        }
        float[] query = Arrays.copyOfRange(vectors, row * dimensions, (row + 1) * dimensions);
        return search(query, count, id);
    }

    /**
     * The nearest windows to a vector, nearest first.
     *
     * @param query not changed; need not be of length 1
     * @return at most {@code count}
     */
    public List<Neighbour> of(float[] query, int count) {
        if (query.length != dimensions) {
            throw new IllegalArgumentException(
                    "The query has " + query.length + " dimensions; expected " + dimensions + " as the vectors have");
        }
        float[] normalised = query.clone();
        normalise(normalised, 0, dimensions);
        return search(normalised, count, "");
    }

    private List<Neighbour> search(float[] query, int count, String except) {
        PriorityQueue<Neighbour> best = new PriorityQueue<>(NEAREST_FIRST.reversed());
        for (int row = 0; row < ids.size(); row++) {
            if (ids.get(row).equals(except)) {
                continue;
            }
            best.add(new Neighbour(ids.get(row), chunks[row], dot(query, vectors, row * dimensions)));
            if (best.size() > count) {
                best.remove();
            }
        }
        return best.stream().sorted(NEAREST_FIRST).toList();
    }

    private static double dot(float[] query, float[] vectors, int offset) {
        double sum = 0;
        for (int d = 0; d < query.length; d++) {
            sum += (double) query[d] * vectors[offset + d];
        }
        return sum;
    }

    private static void normalise(float[] vectors, int offset, int dimensions) {
        double squares = 0;
        for (int d = 0; d < dimensions; d++) {
            squares += (double) vectors[offset + d] * vectors[offset + d];
        }
        if (squares > 0) {
            double scale = 1 / Math.sqrt(squares);
            for (int d = 0; d < dimensions; d++) {
                vectors[offset + d] *= (float) scale;
            }
        }
    }
}
