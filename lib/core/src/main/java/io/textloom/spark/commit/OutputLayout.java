package io.textloom.spark.commit;

import io.textloom.spark.stage.SideText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the output files: the stage's own, then the kept ones, less those that become partition directories.
 *
 * <p>Travels to executors.
 */
final class OutputLayout implements Serializable {
    private static final long serialVersionUID = 1;

    private final StructType files;
    private final int[] stageInFiles;
    private final int[] keptInFiles;
    private final DataType[] keptTypes;
    private final String[] partitionBy;
    /** For each of {@link #partitionBy} its ordinal among the stage's columns, or -1 - its ordinal among the kept ones. */
    private final int[] partitionOrdinals;

    private final List<String> keptPartitionColumns;

    /**
     * @param kept the kept columns, in the order in which a document holds them
     * @param side among them the text that the stage reads
     * @param hidden places of those that the output leaves out
     */
    OutputLayout(
            StructType stage,
            StructType kept,
            List<String> partitionBy,
            Optional<SideText> side,
            List<Integer> hidden) {
        List<String> stageNames = List.of(stage.fieldNames());
        List<String> keptNames = new ArrayList<>(List.of(kept.fieldNames()));
        side.ifPresent(text -> requireText(text, kept));
        hidden.stream().sorted(Comparator.reverseOrder()).forEach(i -> keptNames.remove((int) i));
        requireDistinct(stage, keptNames);
        requirePartitionColumns(stage, kept, keptNames, partitionBy);
        stageInFiles = IntStream.range(0, stage.size())
                .filter(i -> !partitionBy.contains(stageNames.get(i)))
                .toArray();
        keptInFiles = IntStream.range(0, kept.size())
                .filter(i -> !hidden.contains(i) && !partitionBy.contains(kept.fieldNames()[i]))
                .toArray();
        StructType schema = new StructType();
        for (int i : stageInFiles) {
            schema = schema.add(stage.fields()[i]);
        }
        for (int i : keptInFiles) {
            schema = schema.add(kept.fields()[i]);
        }
        files = schema;
        keptTypes = Arrays.stream(kept.fields()).map(StructField::dataType).toArray(DataType[]::new);
        this.partitionBy = partitionBy.toArray(String[]::new);
        keptPartitionColumns =
                List.copyOf(partitionBy.stream().filter(keptNames::contains).toList());
        partitionOrdinals = partitionBy.stream()
                .mapToInt(name -> keptNames.contains(name)
                        ? -1 - kept.size() - keptPartitionColumns.indexOf(name)
                        : stageNames.indexOf(name))
                .toArray();
    }

    private static void requireText(SideText side, StructType kept) {
        DataType type = kept.apply(side.column()).dataType();
        if (side.list()) {
            if (!(type instanceof ArrayType texts && texts.elementType() instanceof StringType)) {
                throw new IllegalArgumentException("The column " + side.column() + " holds " + type.simpleString()
                        + "; expected a list of texts, for instance by --input \"sql:SELECT split(" + side.column()
                        + ", '[|]') AS " + side.column() + ", …\"");
            }
        } else if (!(type instanceof StringType)) {
            throw new IllegalArgumentException("The column " + side.column() + " holds " + type.simpleString()
                    + "; expected text, for instance by --input \"sql:SELECT CAST(" + side.column()
                    + " AS STRING) AS " + side.column() + ", …\"");
        }
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

    /** Kept columns with plain values, and texts of the stage's own besides the id. */
    private static void requirePartitionColumns(
            StructType stage, StructType kept, List<String> names, List<String> partitionBy) {
        List<String> own = Arrays.stream(stage.fields())
                .skip(1)
                .filter(f -> f.dataType() instanceof StringType)
                .map(StructField::name)
                .toList();
        for (String name : partitionBy) {
            if (own.contains(name)) {
                continue;
            }
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

    /** Those of the kept columns that become directories, in the order in which a document holds them as strings. */
    List<String> keptPartitionColumns() {
        return keptPartitionColumns;
    }

    boolean hasKeptColumns() {
        return keptTypes.length > 0;
    }

    /** A row of no one document, which has no kept columns. */
    InternalRow row(Object[] values) {
        Object[] all = new Object[stageInFiles.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[stageInFiles[i]];
        }
        return new GenericInternalRow(all);
    }

    /** @param kept holds the kept columns from ordinal {@code offset} on */
    InternalRow row(Object[] values, InternalRow kept, int offset) {
        Object[] all = new Object[files.size()];
        for (int i = 0; i < stageInFiles.length; i++) {
            all[i] = values[stageInFiles[i]];
        }
        for (int i = 0; i < keptInFiles.length; i++) {
            int ordinal = keptInFiles[i];
            all[stageInFiles.length + i] =
                    kept.isNullAt(offset + ordinal) ? null : kept.get(offset + ordinal, keptTypes[ordinal]);
        }
        return new GenericInternalRow(all);
    }

    /** The partition directory of a row, such as {@code lang=en/year=2024}; empty for none. */
    String directory(Object[] values, InternalRow kept, int offset) {
        if (partitionBy.length == 0) {
            return "";
        }
        StringBuilder directory = new StringBuilder();
        for (int i = 0; i < partitionBy.length; i++) {
            int ordinal = partitionOrdinals[i];
            int inKept = offset - 1 - ordinal;
            @Nullable
            String value = ordinal >= 0
                    ? values[ordinal] == null ? null : String.valueOf(values[ordinal])
                    : kept.isNullAt(inKept) ? null : kept.getUTF8String(inKept).toString();
            directory
                    .append(i == 0 ? "" : "/")
                    .append(ExternalCatalogUtils.getPartitionPathString(partitionBy[i], value));
        }
        return directory.toString();
    }
}
