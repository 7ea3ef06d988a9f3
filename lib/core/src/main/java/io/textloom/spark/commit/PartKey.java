package io.textloom.spark.commit;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/**
 * Where a part belongs. Sorts as the task that commits the documents reads them: documents in their order, of each its rejections first, then its parts in order.
 *
 * @param partition of the documents
 * @param document number among the partition's large documents that are computed, from 0
 * @param rejected whether the document is rejected for this part's sake
 * @param part number within the document, from 0
 */
@DefaultSerializer(JavaSerializer.class)
record PartKey(int partition, int document, boolean rejected, int part) implements Serializable, Comparable<PartKey> {
    private static final Comparator<PartKey> ORDER = Comparator.comparingInt(PartKey::partition)
            .thenComparingInt(PartKey::document)
            .thenComparing(PartKey::rejected, Comparator.reverseOrder())
            .thenComparingInt(PartKey::part);

    @Override
    public int compareTo(PartKey other) {
        return ORDER.compare(this, other);
    }

    /** Back to the documents. */
    static final class ToDocuments extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int first;
        private final int count;

        /** @param first number of the first of {@code count} partitions */
        ToDocuments(int first, int count) {
            this.first = first;
            this.count = count;
        }

        @Override
        public int numPartitions() {
            return count;
        }

        @Override
        public int getPartition(Object key) {
            return ((PartKey) key).partition() - first;
        }
    }
}
