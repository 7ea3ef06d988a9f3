package io.textloom.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Looks at an output directory from outside while a job works on it. */
final class OutputWatch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fs;
    private final Path output;

    OutputWatch(FileSystem fs, String output) {
        this.fs = fs;
        this.output = new Path(output);
    }

    boolean locked() throws IOException {
        return fs.exists(new Path(output, "_textloom/lock"));
    }

    /** Runs in staging. */
    Set<String> staged() throws IOException {
        Set<String> runs = new TreeSet<>();
        for (FileStatus run : list(new Path(output, "_textloom/staging"))) {
            runs.add(run.getPath().getName());
        }
        return runs;
    }

    /** Reports of tasks in staging, of runs that are not among {@code before}. */
    int reports(Set<String> before) throws IOException {
        int reports = 0;
        for (String run : staged()) {
            reports += before.contains(run) ? 0 : reports(run).size();
        }
        return reports;
    }

    /** Whether a commit has its journal. */
    boolean committing() throws IOException {
        for (String run : staged()) {
            if (fs.exists(new Path(output, "_textloom/staging/" + run + "/journal.json"))) {
                return true;
            }
        }
        return false;
    }

    /** Whether small files, or files that hold older rows, are written anew. */
    boolean rewriting() throws IOException {
        for (String run : staged()) {
            for (FileStatus file : list(new Path(output, "_textloom/staging/" + run))) {
                if (file.getPath().getName().contains("-rewritten-")) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<Path> reports(String run) throws IOException {
        List<Path> reports = new ArrayList<>();
        for (FileStatus file : list(new Path(output, "_textloom/staging/" + run))) {
            String name = file.getPath().getName();
            if (name.startsWith("task-") && name.endsWith(".json")) {
                reports.add(file.getPath());
            }
        }
        return reports;
    }

    /** Tokens of every run that left a trace, committed or in staging: of a staged one those of its finished tasks. */
    Map<String, Long> tokensByRun() throws IOException {
        Map<String, Long> tokens = new HashMap<>();
        for (String run : staged()) {
            long sum = 0;
            for (Path report : reports(run)) {
                try {
                    sum += json(report).path("meter").path("tokens").asLong();
                } catch (FileNotFoundException e) {
                    // a commit has just ended
                }
            }
            tokens.put(run, sum);
        }
        JsonNode manifest = manifest();
        for (JsonNode run : manifest.path("runs")) {
            tokens.merge(run.path("id").asText(), run.path("tokens").asLong(), Math::max);
        }
        return tokens;
    }

    /** The manifest; a missing node if there is none. */
    JsonNode manifest() throws IOException {
        try {
            return json(new Path(output, "_textloom/manifest.json"));
        } catch (FileNotFoundException e) {
            return JSON.missingNode();
        }
    }

    private JsonNode json(Path file) throws IOException {
        try (InputStream in = fs.open(file)) {
            return JSON.readTree(in);
        }
    }

    /** Files a plain reader sees, and those of errors and ledger, relative to the output. */
    Set<String> files() throws IOException {
        Set<String> files = new TreeSet<>();
        add(output, "", files);
        add(new Path(output, "_textloom/errors"), "_textloom/errors/", files);
        add(new Path(output, "_textloom/ledger"), "_textloom/ledger/", files);
        return files;
    }

    private void add(Path directory, String prefix, Set<String> files) throws IOException {
        for (FileStatus file : list(directory)) {
            String name = file.getPath().getName();
            if (name.startsWith(".") || name.startsWith("_")) {
                continue;
            }
            if (file.isDirectory()) {
                add(file.getPath(), prefix + name + "/", files);
            } else {
                files.add(prefix + name);
            }
        }
    }

    private List<FileStatus> list(Path directory) throws IOException {
        try {
            return List.of(fs.listStatus(directory));
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }
}
