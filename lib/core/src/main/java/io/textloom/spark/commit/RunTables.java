package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.table.ErrorTable;
import io.textloom.table.LedgerTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructType;

/** The tables as one run writes them: every file's footer names the run and what made it. */
final class RunTables {
    private final RunSetup setup;
    private final OutputLayout layout;
    private final String staging;
    private final Map<String, String> footer;

    /** @param staging directory of the run */
    RunTables(RunSetup setup, OutputLayout layout, String runId, String staging) {
        this.setup = setup;
        this.layout = layout;
        this.staging = staging;
        footer = footer(setup, runId);
    }

    TableFormat rows() {
        return TableFormat.create(
                setup.spark(), setup.options().format(), layout.files(), footer, List.of("embedding.list.element"));
    }

    TableFormat errors() {
        return parquet(ErrorTable.SCHEMA);
    }

    TableFormat ledger() {
        return parquet(LedgerTable.SCHEMA);
    }

    private TableFormat parquet(StructType schema) {
        return TableFormat.create(setup.spark(), OutputFormat.PARQUET, schema, footer, List.of());
    }

    Rewriting rewriting(Kind kind) {
        return switch (kind) {
            case ROWS ->
                new Rewriting(
                        setup.spark(),
                        kind,
                        rows(),
                        setup.options().format(),
                        staging,
                        setup.stage().fileTokens());
            case ERRORS -> rewriting(kind, errors());
            case LEDGER -> rewriting(kind, ledger());
            case LINES, VANISHED -> throw new IllegalArgumentException(kind + " are not rewritten");
        };
    }

    private Rewriting rewriting(Kind kind, TableFormat table) {
        return new Rewriting(setup.spark(), kind, table, OutputFormat.PARQUET, staging, Long.MAX_VALUE);
    }

    private static Map<String, String> footer(RunSetup setup, String runId) {
        TreeMap<String, String> footer = new TreeMap<>(setup.versions());
        footer.remove("textloom");
        footer.put("version", setup.version().isEmpty() ? "unknown" : setup.version());
        footer.put("job", setup.job());
        footer.put("run", runId);
        Manifest.Model model = setup.model();
        footer.put("model", model.name());
        footer.put("sha256", model.sha256());
        putUnlessEmpty(footer, "tokenizerSha256", model.tokenizerSha256());
        putUnlessEmpty(footer, "configSha256", model.configSha256());
        putUnlessEmpty(footer, "revision", model.revision());
        setup.settings().forEach((key, value) -> {
            if (key.startsWith(setup.job() + ".")) {
                footer.put(key, value);
            }
        });
        return footer;
    }

    private static void putUnlessEmpty(Map<String, String> footer, String key, String value) {
        if (!value.isEmpty()) {
            footer.put(key, value);
        }
    }
}
