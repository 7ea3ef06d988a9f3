package io.textloom.spark.commit;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the output files: the stage's own, then the kept ones, less those that become partition directories.
 *
 * <p>Travels to executors.
 */
final class OutputLayout implements Serializable {
    private static final long serialVersionUID = 1;

    private final int stageColumns;
    private final int keptColumns;
    private final StructType files;
    private final int[] keptInFiles;
    private final DataType[] keptTypes;
    private final String[] partitionBy;

    /** @param kept the kept columns, in the order in which a document holds them */
    OutputLayout(StructType stage, StructType kept, List<String> partitionBy) {
        stageColumns = stage.size();
        keptColumns = kept.size();
        List<String> keptNames = List.of(kept.fieldNames());
        requireDistinct(stage, keptNames);
        requirePartitionColumns(kept, partitionBy);
        StructType schema = stage;
        int[] inFiles = new int[kept.size() - partitionBy.size()];
        int n = 0;
        keptTypes = new DataType[kept.size()];
        for (int i = 0; i < kept.size(); i++) {
            keptTypes[i] = kept.fields()[i].dataType();
            if (!partitionBy.contains(keptNames.get(i))) {
                inFiles[n++] = i;
                schema = schema.add(kept.fields()[i]);
            }
        }
        files = schema;
        keptInFiles = inFiles;
        this.partitionBy = partitionBy.toArray(String[]::new);
    }

    /** Spark's readers do not tell names apart by case alone. */
    private static void requireDistinct(StructType stage, List<String> kept) {
        Set<String> names = new HashSet<>();
        for (String name : stage.fieldNames()) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
        for (String name : kept) {
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("The kept column " + name
                        + " has the name of another output column; rename it in the input, for instance with"
                        + " --input \"sql:SELECT " + name + " AS my_" + name + ", …\"");
            }
        }
    }

    private static void requirePartitionColumns(StructType kept, List<String> partitionBy) {
        List<String> names = List.of(kept.fieldNames());
        for (String name : partitionBy) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("partitionBy names " + name
                        + ", which is not among the kept columns " + names + "; add it to --keep-columns");
            }
            DataType type = kept.apply(name).dataType();
            if (!(type instanceof AtomicType) || type instanceof BinaryType) {
                throw new IllegalArgumentException("partitionBy names " + name + ", a " + type.simpleString()
                        + "; a directory name needs a plain value such as a string, a number or a date");
            }
        }
        if (new HashSet<>(partitionBy).size() < partitionBy.size()) {
            throw new IllegalArgumentException("partitionBy names a column twice: " + partitionBy);
        }
    }

    StructType files() {
        return files;
    }

    /** @param kept holds the kept columns from ordinal {@code offset} on */
    InternalRow row(Object[] values, InternalRow kept, int offset) {
        Object[] all = new Object[files.size()];
        System.arraycopy(values, 0, all, 0, stageColumns);
        for (int i = 0; i < keptInFiles.length; i++) {
            int ordinal = keptInFiles[i];
            all[stageColumns + i] =
                    kept.isNullAt(offset + ordinal) ? null : kept.get(offset + ordinal, keptTypes[ordinal]);
        }
        return new GenericInternalRow(all);
    }

    /** The partition directory of a row, such as {@code lang=en/year=2024}; empty for none. */
    String directory(InternalRow kept, int offset) {
        StringBuilder directory = new StringBuilder();
        for (int i = 0; i < partitionBy.length; i++) {
            int ordinal = offset + keptColumns + i;
            @Nullable
            String value =
                    kept.isNullAt(ordinal) ? null : kept.getUTF8String(ordinal).toString();
            directory
                    .append(i == 0 ? "" : "/")
                    .append(ExternalCatalogUtils.getPartitionPathString(partitionBy[i], value));
        }
        return directory.toString();
    }
}
