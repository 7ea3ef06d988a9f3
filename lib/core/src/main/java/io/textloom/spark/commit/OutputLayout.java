package io.textloom.spark.commit;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of the output files: the stage's own, then the kept ones, less those that become partition directories.
 *
 * <p>Travels to executors.
 */
final class OutputLayout implements Serializable {
    private static final long serialVersionUID = 1;

    private final int stageColumns;
    private final StructType files;
    private final int[] keptInFiles;
    private final DataType[] keptTypes;
    private final int[] partitionOrdinals;
    private final StructField[] partitionFields;

    /** @param kept the kept columns, in the order in which a document holds them */
    OutputLayout(StructType stage, StructType kept, List<String> partitionBy) {
        stageColumns = stage.size();
        StructType schema = stage;
        for (StructField field : kept.fields()) {
            if (List.of(stage.fieldNames()).contains(field.name())) {
                throw new IllegalArgumentException("The kept column " + field.name()
                        + " has the name of an output column; rename it in the input, for instance with"
                        + " --input \"sql:SELECT " + field.name() + " AS my_" + field.name() + ", …\"");
            }
        }
        List<String> keptNames = List.of(kept.fieldNames());
        for (String name : partitionBy) {
            if (!keptNames.contains(name)) {
                throw new IllegalArgumentException("partitionBy names " + name
                        + ", which is not among the kept columns " + keptNames + "; add it to --keep-columns");
            }
        }
        int[] inFiles = new int[kept.size() - partitionBy.size()];
        int n = 0;
        for (int i = 0; i < kept.size(); i++) {
            if (!partitionBy.contains(keptNames.get(i))) {
                inFiles[n++] = i;
                schema = schema.add(kept.fields()[i]);
            }
        }
        files = schema;
        keptInFiles = inFiles;
        keptTypes = new DataType[kept.size()];
        for (int i = 0; i < keptTypes.length; i++) {
            keptTypes[i] = kept.fields()[i].dataType();
        }
        partitionOrdinals = partitionBy.stream().mapToInt(keptNames::indexOf).toArray();
        partitionFields = partitionBy.stream().map(kept::apply).toArray(StructField[]::new);
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
        if (partitionOrdinals.length == 0) {
            return "";
        }
        StringBuilder directory = new StringBuilder();
        for (int i = 0; i < partitionOrdinals.length; i++) {
            int ordinal = offset + partitionOrdinals[i];
            String value = kept.isNullAt(ordinal)
                    ? ExternalCatalogUtils.DEFAULT_PARTITION_NAME()
                    : ExternalCatalogUtils.escapePathName(
                            String.valueOf(kept.get(ordinal, partitionFields[i].dataType())));
            directory
                    .append(i == 0 ? "" : "/")
                    .append(ExternalCatalogUtils.escapePathName(partitionFields[i].name()))
                    .append('=')
                    .append(value);
        }
        return directory.toString();
    }
}
