package io.textloom.spark;

import static org.apache.spark.sql.functions.expr;

import io.textloom.generate.FinishReason;
import io.textloom.table.Columns;
import io.textloom.table.ErrorTable;
import io.textloom.text.RejectCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What must hold of every row by itself, looked at in one pass over a table. */
final class RowVerification {
    private static final String NO_NUMBER = "(x IS NULL OR isnan(x) OR abs(x) = CAST('Infinity' AS FLOAT))";
    private static final List<String> COUNTS = List.of(
            Columns.N_TOKENS, Columns.N_DROPPED, Columns.N_PROMPT_TOKENS, Columns.N_COMPLETION_TOKENS, Columns.N_BYTES);

    /** For SQL. */
    private static final String CODES = Arrays.stream(RejectCode.values())
            .map(code -> "'" + code.name() + "'")
            .collect(Collectors.joining(", "));

    private final List<Check> checks = new ArrayList<>();

    /** @param fault SQL condition that holds of a faulty row */
    private record Check(String what, String fault) {}

    private RowVerification() {}

    /**
     * Problems of the job's rows, in words.
     *
     * @param rows its own columns alone
     * @param drops whether tokens may be dropped of a row that is not cut off
     */
    static List<String> ofRows(Dataset<Row> rows, boolean drops) {
        RowVerification v = new RowVerification();
        StructType schema = rows.schema();
        Set<String> names = Set.of(schema.fieldNames());
        v.check("rows without an id", "id IS NULL OR id = ''");
        for (String count : COUNTS) {
            if (names.contains(count)) {
                v.check("rows with " + count + " below 0", count + " IS NULL OR " + count + " < 0");
            }
        }
        if (names.contains(Columns.N_DROPPED) && names.contains(Columns.TRUNCATED)) {
            v.check(
                    "rows whose truncated does not go with n_dropped",
                    drops ? "truncated AND n_dropped = 0" : "truncated != (n_dropped > 0)");
        }
        if (names.contains(Columns.INPUT_IDS)) {
            v.check("rows with n_tokens above the number of input_ids", "size(input_ids) < n_tokens");
        }
        if (names.contains(Columns.FINISH_REASON)) {
            v.check(
                    "rows with another finish_reason than " + Arrays.toString(FinishReason.values()),
                    "finish_reason IS NULL OR finish_reason NOT IN ("
                            + Arrays.stream(FinishReason.values())
                                    .map(reason -> "'" + reason + "'")
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        if (isNumber(schema, Columns.LOGPROB)) {
            v.check("rows with a logprob that is above 0 or no number", "isnan(logprob) OR NOT logprob <= 0");
        }
        if (isNumber(schema, Columns.SCALE)) {
            v.check(
                    "rows with a scale that is no positive number",
                    "NOT (scale > 0 AND scale < CAST('Infinity' AS FLOAT))");
        }
        if (names.contains(Columns.LABEL) && isNumber(schema, Columns.SCORE)) {
            v.check("rows with a label or a score alone", "(label IS NULL) != (score IS NULL)");
            v.check("rows with a score that is no number", "isnan(score) OR abs(score) = CAST('Infinity' AS FLOAT)");
        }
        if (holdsVectors(schema)) {
            v.check("rows with another number of token vectors than tokens", "size(tokens) != n_tokens");
            v.check(
                    "rows with a token vector that holds no number",
                    "exists(tokens, t -> exists(t.vector, x -> " + NO_NUMBER + "))");
        }
        return v.problems(rows);
    }

    /** Problems of the error table, in words. */
    static List<String> ofErrors(Dataset<Row> errors) {
        RowVerification v = new RowVerification();
        v.check("error rows without an id", "id IS NULL");
        v.check("error rows with a code that Textloom does not have", "code IS NULL OR code NOT IN (" + CODES + ")");
        v.check("error rows without a message", "message IS NULL OR message = ''");
        v.check(
                "error rows with an input of more than " + ErrorTable.MAX_INPUT_BYTES + " bytes",
                "octet_length(input) > " + ErrorTable.MAX_INPUT_BYTES);
        v.check("error rows with an attempt below 1", "attempt IS NULL OR attempt < 1");
        return v.problems(errors);
    }

    /** Problems of the ledger, in words. */
    static List<String> ofLedger(Dataset<Row> ledger) {
        RowVerification v = new RowVerification();
        v.check("ledger rows without an id", "id IS NULL");
        v.check("ledger rows without a content hash", "content_hash IS NULL OR content_hash = ''");
        v.check("ledger rows that do not say how the row ended", "rejected IS NULL");
        // older ledgers have neither code nor attempt
        v.check("ledger rows with a code that Textloom does not have", "code NOT IN (" + CODES + ")");
        v.check(
                "ledger rows of documents in the output that have the code of an error",
                "NOT rejected AND code IS NOT NULL");
        v.check(
                "ledger rows with an attempt but no code of an error",
                "rejected AND code IS NULL AND attempt IS NOT NULL");
        v.check("ledger rows with an attempt below 1", "attempt < 1");
        return v.problems(ledger);
    }

    private static boolean isNumber(StructType schema, String name) {
        return Arrays.stream(schema.fields())
                .anyMatch(f -> f.name().equals(name)
                        && (f.dataType().equals(DataTypes.DoubleType)
                                || f.dataType().equals(DataTypes.FloatType)));
    }

    private static boolean holdsVectors(StructType schema) {
        return Arrays.stream(schema.fields())
                .anyMatch(f -> f.name().equals(Columns.TOKENS) && isOfVectors(f.dataType()));
    }

    private static boolean isOfVectors(DataType type) {
        return type instanceof ArrayType list
                && list.elementType() instanceof StructType token
                && List.of(token.fieldNames()).contains("vector");
    }

    private void check(String what, String fault) {
        checks.add(new Check(what, fault));
    }

    private List<String> problems(Dataset<Row> table) {
        List<Column> sums = new ArrayList<>();
        for (Check check : checks) {
            sums.add(expr("count_if(" + check.fault() + ")"));
            sums.add(expr("min(IF(" + check.fault() + ", struct(id, _metadata.file_name AS file), NULL))"));
        }
        // where all files of a table are damaged, nothing is left that has a file's name
        Dataset<Row> named = table.inputFiles().length == 0
                ? table.withColumn("_metadata", expr("named_struct('file_name', '')"))
                : table.select("*", "_metadata");
        Row r = named.agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
                .first();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            long found = r.getLong(2 * i);
            if (found > 0) {
                Row first = r.getStruct(2 * i + 1);
                problems.add(checks.get(i).what() + ": " + found + ", the first with id " + first.getString(0) + " in "
                        + first.getString(1) + "; run the job again with --mode overwrite");
            }
        }
        return problems;
    }
}
