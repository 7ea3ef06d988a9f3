package io.textloom.spark.commit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.lineage.Provenance;
import io.textloom.token.Lengths;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code _textloom/manifest.json}: what the output holds and how it was made.
 *
 * @param intake what was read in the last run
 * @param settings resolved key → value
 * @param figures what the job says of all its output together, such as the perplexity of a corpus: name → number
 * @param files every committed file, paths relative to the output directory
 * @param runs the commits that made the output, oldest first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
        int formatVersion,
        String job,
        SortedMap<String, String> versions,
        Model model,
        IntakeOptions intake,
        SortedMap<String, String> settings,
        Counts counts,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<String, Double> figures,
        List<File> files,
        List<Run> runs) {
    public static final int FORMAT_VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public Manifest {
        figures = figures == null ? new TreeMap<>() : figures; // left out where there are none
        files = List.copyOf(files);
        runs = List.copyOf(runs);
    }

    /**
     * The model the output was made with.
     *
     * @param tokenizerSha256 of the tokenizer's files alone
     * @param revision commit of the repository the folder came from; empty where it does not say
     * @param configSha256 of config.json
     * @param facts of config.json: architecture, sizes
     * @param parts the models, where there are several: name and hash stand for all of them
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Model(
            String name,
            String uri,
            String sha256,
            String tokenizerSha256,
            String revision,
            String configSha256,
            SortedMap<String, String> facts,
            List<Model> parts) {
        // what is empty is left out of the file
        @SuppressWarnings("NullAway")
        public Model {
            tokenizerSha256 = tokenizerSha256 == null ? "" : tokenizerSha256;
            revision = revision == null ? "" : revision;
            configSha256 = configSha256 == null ? "" : configSha256;
            facts = facts == null ? new TreeMap<>() : facts;
            parts = parts == null ? List.of() : List.copyOf(parts); // left out for a single model
        }

        public Model(String name, String uri, String sha256) {
            this(name, uri, sha256, List.of());
        }

        public Model(String name, String uri, String sha256, List<Model> parts) {
            this(name, uri, sha256, "", "", "", new TreeMap<>(), parts);
        }
    }

    /**
     * One committed file.
     *
     * @param tokens of a file of rows; 0 where the job does not count them
     * @param bytes size of the file; 0 in older manifests
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record File(Kind kind, String path, long rows, long tokens, long bytes) {
        /** The directory below the output directory; empty for none. */
        String directory() {
            int slash = path.lastIndexOf('/');
            return slash < 0 ? "" : path.substring(0, slash);
        }
    }

    /**
     * Totals over all commits. {@code rowsIn = documentsOut + rowsRejected + duplicatesDropped}.
     *
     * @param duplicatesDropped of the last run that changed the output, which read all of its input
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Counts(
            long rowsIn,
            long rowsOut,
            long documentsOut,
            long rowsRejected,
            long duplicatesDropped,
            long tokens,
            long truncatedRows,
            long droppedTokens) {
        public static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * One commit.
     *
     * @param resumedFrom the interrupted run whose finished tasks this commit took over; empty for none
     * @param rowsDeleted ids whose rows went because the input has them no longer
     * @param lengths of the documents before anything was cut, by tokenizer; with those of the run that was taken over
     * @param fileTokens of the files this commit added
     * @param provenance what computed the rows, and what it cost
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Run(
            String id,
            String startedAt,
            String resumedFrom,
            long rowsRead,
            long rowsSkipped,
            long documentsOut,
            long rowsReplaced,
            long rowsDeleted,
            SortedMap<String, Long> rejectedByCode,
            long tokens,
            long paddedTokens,
            double seconds,
            double modelSeconds,
            double tokenizerSeconds,
            double usefulGflop,
            SortedMap<String, Lengths.Summary> lengths,
            FileTokens fileTokens,
            Provenance provenance) {
        public Run {
            lengths = lengths == null ? new TreeMap<>() : lengths; // as older outputs have it
            fileTokens = fileTokens == null ? FileTokens.NONE : fileTokens;
            provenance = provenance == null ? Provenance.NONE : provenance;
        }

        /** Rows dropped because an earlier row has their id. */
        long duplicatesDropped() {
            long rejected =
                    rejectedByCode.values().stream().mapToLong(Long::longValue).sum();
            return rowsRead - rowsSkipped - documentsOut - rejected;
        }
    }

    /** Id of the last commit. */
    String lastRun() {
        return runs.isEmpty() ? "" : runs.get(runs.size() - 1).id();
    }

    byte[] toJson() throws IOException {
        return JSON.writeValueAsBytes(this);
    }

    static Manifest fromJson(byte[] json) throws IOException {
        Manifest manifest = JSON.readValue(json, Manifest.class);
        if (manifest.formatVersion() > FORMAT_VERSION) {
            throw new OutputException("The output has format version " + manifest.formatVersion()
                    + "; this Textloom knows " + FORMAT_VERSION + " and lower, use a newer one");
        }
        return manifest;
    }

    /** What decides the results of a run and is not as it was when this output was made, in words; empty if the run may go on here. */
    public List<String> differences(String nowJob, SortedMap<String, String> nowSettings) {
        List<String> differing = new ArrayList<>();
        if (!job.equals(nowJob)) {
            differing.add("job (" + job + ", now " + nowJob + ")");
        }
        SortedMap<String, String> made = resultSettings(settings, model);
        TreeMap<String, String> keys = new TreeMap<>(made);
        keys.putAll(nowSettings);
        for (String key : keys.keySet()) {
            String was = made.getOrDefault(key, "unset");
            String is = nowSettings.getOrDefault(key, "unset");
            if (!was.equals(is)) {
                differing.add(key + " (" + was + ", now " + is + ")");
            }
        }
        return differing;
    }

    /** Settings that decide what a row's result is; two runs may share an output only if these agree. */
    public static SortedMap<String, String> resultSettings(SortedMap<String, String> settings, Model model) {
        SortedMap<String, String> result = new TreeMap<>(settings);
        result.keySet()
                .removeAll(List.of(
                        "input",
                        "inputFormat",
                        "output",
                        "mode",
                        "deleted",
                        "retryErrors",
                        "skipUnchanged",
                        "badFiles",
                        "maxRowBytes",
                        "model",
                        "maxErrorRatio",
                        "limit",
                        "where",
                        "master",
                        "report",
                        "json",
                        "explain",
                        "modelSha256",
                        "verbose",
                        "device",
                        "cuda.providerLibrary",
                        "spark.partitions",
                        "tokenize.models",
                        "embed.models",
                        "tokenize.fileTokens",
                        "embed.batchTokens",
                        "classify.batchTokens",
                        "score.batchTokens",
                        "generate.kvMemory",
                        "generate.prefixCache",
                        "price.perCoreHour",
                        "price.perMillionTokens",
                        "price.currency"));
        result.put("model.sha256", model.sha256());
        if (!model.parts().isEmpty()) {
            result.put("models", model.name());
        }
        return result;
    }
}
