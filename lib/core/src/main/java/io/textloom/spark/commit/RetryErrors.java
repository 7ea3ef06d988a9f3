package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.textloom.table.Columns;
import io.textloom.text.RejectCode;
import java.util.Arrays;
import java.util.function.Predicate;
import org.apache.spark.sql.Column;

/** Which rejected rows are tried again although their content is the same. A code that this version does not know, or that an older ledger lacks, counts as one that may go away. */
public enum RetryErrors {
    NONE,
    /** Those whose code may go away, such as {@link RejectCode#OUT_OF_MEMORY}. */
    FAILED,
    /** Every row of the error table. */
    ALL;

    /** Of a ledger's rejected entry: whether the row is done if it still reads well. What only reading found is no outcome of the content, and what is unknown must not be lost. */
    Column isDoneIfSound() {
        return switch (this) {
            case NONE -> codeIn(code -> !code.foundByReading());
            case FAILED -> codeIn(code -> !code.foundByReading() && !code.mayGoAway());
            case ALL -> lit(false);
        };
    }

    /** Of a ledger's rejected entry: whether the row is done if it still cannot be read. */
    Column isDoneIfFaulty() {
        return lit(this != ALL);
    }

    /** Of a row of the error table: whether a run tries it again. */
    Column isTriedAgain() {
        return switch (this) {
            case NONE -> lit(false);
            // a file that could not be read to its end may be readable now, without any change that its time tells
            case FAILED -> not(codeIn(code -> !code.mayGoAway() && code != RejectCode.UNREADABLE_FILE));
            case ALL -> lit(true);
        };
    }

    private static Column codeIn(Predicate<RejectCode> which) {
        Object[] names = Arrays.stream(RejectCode.values())
                .filter(which)
                .map(RejectCode::name)
                .toArray();
        return coalesce(col(Columns.CODE).isin(names), lit(false));
    }
}
