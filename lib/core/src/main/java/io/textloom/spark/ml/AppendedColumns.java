package io.textloom.spark.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.CreateStruct;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.DeserializeToObject;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.catalyst.plans.logical.SerializeFromObject;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A Dataset with columns appended partition by partition: the plan of {@code Dataset.mapPartitions}, but with Catalyst's rows in the place of objects. The
 * columns that were there pass through as bytes, so that dates, nullability, metadata and the columns' identities stay what they were, and it works on
 * streams as mapPartitions does.
 */
final class AppendedColumns {
    private static final Seq<String> NONE = seq(List.of());

    private AppendedColumns() {}

    /** @param function gets each row of a partition, in Spark's own buffer, and gives it back with values of {@code added} behind its own */
    static Dataset<Row> append(Dataset<?> dataset, List<StructField> added, StageFunction function) {
        LogicalPlan child = dataset.logicalPlan();
        List<Attribute> kept = JavaConverters.seqAsJavaList(child.output());
        CreateNamedStruct row = CreateStruct.create(seq(new ArrayList<Expression>(kept)));
        List<StructField> fields = new ArrayList<>(List.of(row.dataType().fields()));
        fields.addAll(added);
        StructType result = new StructType(fields.toArray(StructField[]::new));
        LogicalPlan rows = new DeserializeToObject(row, object(row.dataType()), child);
        LogicalPlan mapped = new MapPartitions(function, object(result), rows);
        return Dataset.ofRows(
                dataset.sparkSession(), new SerializeFromObject(seq(columns(kept, added, result)), mapped));
    }

    private static List<NamedExpression> columns(List<Attribute> kept, List<StructField> added, StructType result) {
        Expression object = new BoundReference(0, result, false);
        List<NamedExpression> columns = new ArrayList<>();
        for (Attribute a : kept) {
            columns.add(column(object, columns.size(), a.name(), a.exprId(), a.qualifier(), a.metadata()));
        }
        for (StructField f : added) {
            columns.add(column(object, columns.size(), f.name(), NamedExpression.newExprId(), NONE, f.metadata()));
        }
        return columns;
    }

    private static NamedExpression column(
            Expression object, int ordinal, String name, ExprId id, Seq<String> qualifier, Metadata metadata) {
        Expression field = new GetStructField(object, ordinal, Option.apply(name));
        return new Alias(field, name, id, qualifier, Option.apply(metadata), NONE);
    }

    private static Attribute object(DataType type) {
        return new AttributeReference("row", type, false, Metadata.empty(), NamedExpression.newExprId(), NONE);
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toList();
    }
}
