package io.textloom.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.jobs.doctor.ModelCheck;
import io.textloom.model.ModelCache;
import io.textloom.model.ModelFile;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelImport;
import io.textloom.model.ModelInspection;
import io.textloom.model.ModelInspector;
import io.textloom.model.ModelPins;
import io.textloom.model.ModelRef;
import io.textloom.model.ModelStore;
import io.textloom.model.ModelVerification;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.ModelTrial;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.ParseResult;

/** {@code textloom models}: list, inspect, verify, import. Needs no Spark session. */
final class ModelsCommand {
    private final Console console;
    private final Configuration conf = new Configuration();

    ModelsCommand(Console console) {
        this.console = console;
    }

    ExitCode run(ParseResult models) {
        if (!models.hasSubcommand()) {
            models.commandSpec().commandLine().usage(console.err());
            return ExitCode.BAD_ARGUMENTS;
        }
        ParseResult action = models.subcommand();
        boolean json = action.matchedOptionValue("--json", false);
        String name = action.matchedPositionalValue(0, "");
        return switch (action.commandSpec().name()) {
            case "list" -> list(json);
            case "inspect" -> inspect(name, json);
            case "verify" -> verify(name, action.matchedOptionValue("--sha256", ""), json);
            case "import" -> copy(name, action.matchedOptionValue("--output", ""), json);
            default ->
                throw new IllegalStateException("models " + action.commandSpec().name());
        };
    }

    private void print(String text) {
        console.out().print(text);
        console.out().flush();
    }

    private ExitCode list(boolean json) {
        ArrayNode rows = new ObjectMapper().createArrayNode();
        for (String name : ModelStore.builtinNames()) {
            ModelRef ref = ModelLeases.store().resolve(name, conf);
            row(rows, ref, ModelLeases.store().localise(ref, conf), "built-in");
        }
        for (java.nio.file.Path folder : ModelCache.ofMachine().models()) {
            if (!folder.getFileName().toString().startsWith("builtin-")) {
                ModelRef ref = ModelLeases.store().resolve(folder.toUri().toString(), conf);
                row(rows, ref, ModelFolder.open(folder), "cached");
            }
        }
        if (json) {
            print(ReportJson.text(new ObjectMapper().createObjectNode().set("models", rows)));
            return ExitCode.DONE;
        }
        StringBuilder text = new StringBuilder();
        for (var row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-20s  %-8s  %8s  %-8s  %s%n",
                    row.get("name").asText(),
                    row.get("place").asText(),
                    megabytes(row.get("bytes").asLong()),
                    row.get("kind").asText(),
                    row.get("jobs").asText()));
        }
        print(text.toString());
        return ExitCode.DONE;
    }

    private static void row(ArrayNode rows, ModelRef ref, ModelFolder folder, String place) {
        ModelInspection found = ModelInspector.inspect(ref, folder.path());
        rows.addObject()
                .put("name", ref.shortName())
                .put("place", place)
                .put("bytes", ref.totalBytes())
                .put("kind", found.facts().getOrDefault("kind", "unknown"))
                .put("jobs", String.join(", ", found.servedJobs()))
                .put("sha256", ref.sha256());
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private ExitCode inspect(String name, boolean json) {
        ModelRef ref = ModelLeases.store().resolve(name, conf);
        ModelInspection found = ModelInspector.inspect(ref, localPath(ref));
        print(json ? ReportJson.text(toJson(found)) : text(found));
        return ExitCode.DONE;
    }

    /** Where the model's files are on this machine, even if no job can use them. */
    private java.nio.file.Path localPath(ModelRef ref) {
        return ref.uri().startsWith("file:")
                ? java.nio.file.Path.of(java.net.URI.create(ref.uri()).getPath())
                : ModelLeases.store().localise(ref, conf).path();
    }

    static ObjectNode toJson(ModelInspection found) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("name", Redaction.uris(found.ref().name()));
        json.put("uri", Redaction.uris(found.ref().uri()));
        json.put("sha256", found.ref().sha256());
        json.put("bytes", found.ref().totalBytes());
        json.put("modelType", found.modelType());
        json.put("parameters", found.parameters());
        ObjectNode shape = json.putObject("shape");
        found.shape().forEach(shape::put);
        ObjectNode facts = json.putObject("facts");
        found.facts().forEach(facts::put);
        ObjectNode dtypes = json.putObject("dtypes");
        found.dtypes().forEach((type, elements) -> dtypes.put(type.safetensorsName(), elements));
        ObjectNode jobs = json.putObject("jobs");
        found.jobs().forEach((job, reason) -> jobs.put(job, reason.isEmpty() ? "yes" : "no: " + reason));
        ArrayNode files = json.putArray("files");
        for (ModelFile file : found.ref().files()) {
            files.addObject()
                    .put("path", file.path())
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256());
        }
        found.ignored().forEach(json.putArray("ignored")::add);
        return json;
    }

    private static String text(ModelInspection found) {
        StringBuilder text = new StringBuilder("model\n");
        line(text, "name", Redaction.uris(found.ref().name()));
        line(text, "place", Redaction.uris(found.ref().uri()));
        line(text, "sha-256", found.ref().sha256());
        line(text, "model type", found.modelType());
        if (found.parameters() > 0) {
            line(text, "parameters", Summary.count(found.parameters()));
        }
        found.dtypes().forEach((type, n) -> line(text, "weights in " + type.safetensorsName(), Summary.count(n)));
        found.shape().forEach((name, value) -> line(text, Summary.words(name), Summary.count(value)));
        found.facts().forEach((name, value) -> line(text, Summary.words(name), value));
        text.append("jobs\n");
        found.jobs().forEach((job, reason) -> line(text, job, reason.isEmpty() ? "yes" : "no: " + reason));
        text.append("files\n");
        for (ModelFile file : found.ref().files()) {
            line(text, file.path(), megabytes(file.bytes()) + "  " + file.sha256());
        }
        if (!found.ignored().isEmpty()) {
            text.append("not read (other formats, some of which can carry code)\n");
            found.ignored().forEach(file -> text.append("  ").append(file).append('\n'));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-26s  %s%n", name, value));
    }

    private ExitCode verify(String name, String pin, boolean json) {
        ModelPins pins = ModelPins.of(pin);
        ModelRef ref = ModelLeases.store().resolve(name, conf);
        java.nio.file.Path folder = localPath(ref);
        ModelVerification found = ModelVerification.of(ref, folder, pins, ModelCheck::tokenizerIds);
        if (found.ok()) {
            found = found.and("loads, and one line goes through", trial(ref));
        }
        ModelInspection inspection = ModelInspector.inspect(ref, folder);
        if (json) {
            ObjectNode tree = new ObjectMapper().createObjectNode();
            tree.put("name", Redaction.uris(name)).put("sha256", ref.sha256()).put("ok", found.ok());
            found.checks().forEach(tree.putArray("checks")::add);
            found.problems().forEach(tree.putArray("problems")::add);
            inspection.ignored().forEach(tree.putArray("ignored")::add);
            print(ReportJson.text(tree));
        } else {
            StringBuilder text = new StringBuilder("verify model " + Redaction.uris(name) + "\n");
            line(text, "sha-256", ref.sha256());
            found.checks().forEach(check -> line(text, "checked", check));
            if (!inspection.ignored().isEmpty()) {
                line(text, "never read", String.join(", ", inspection.ignored()));
            }
            line(
                    text,
                    "problems",
                    found.ok() ? "none" : Summary.count(found.problems().size()));
            found.problems()
                    .forEach(problem -> text.append("  - ").append(problem).append('\n'));
            print(text.toString());
        }
        return found.ok() ? ExitCode.DONE : ExitCode.UNREADABLE;
    }

    private String trial(ModelRef ref) {
        try {
            ModelTrial.run(ref, conf);
            return "";
        } catch (RuntimeException e) {
            return Failure.message(e);
        }
    }

    private ExitCode copy(String name, String output, boolean json) {
        ModelRef made = new ModelImport(ModelLeases.store(), conf).copy(name, output);
        Map<String, String> told =
                Map.of("name", Redaction.uris(name), "output", Redaction.uris(output), "sha256", made.sha256());
        if (json) {
            ObjectNode tree = new ObjectMapper().createObjectNode();
            told.forEach(tree::put);
            print(ReportJson.text(tree));
        } else {
            print(Redaction.uris(name + " written to " + output) + ", sha-256 " + made.sha256()
                    + System.lineSeparator());
        }
        return ExitCode.DONE;
    }
}
