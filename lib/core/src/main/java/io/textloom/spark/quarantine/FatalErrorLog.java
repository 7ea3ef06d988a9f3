package io.textloom.spark.quarantine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a virtual machine writes when it crashes: {@code hs_err_pidN.log}. */
final class FatalErrorLog {
    private static final int LINES = 40;

    /** As in {@code #  SIGSEGV (0xb) at pc=0x00007f3c, pid=4711, tid=4712}. */
    private static final Pattern SIGNAL = Pattern.compile("^#\\s+(SIG[A-Z]+|Internal Error).*\\bpid=(\\d+)\\b");

    /** As in {@code # C  [libonnxruntime.so+0x4c7a10]}. */
    private static final Pattern FRAME = Pattern.compile("^#\\s+[A-Za-z]\\s+(\\[.*])");

    private FatalErrorLog() {}

    /** Why a process of this machine crashed; empty where it left no such file, or one that does not blame its code. */
    static Optional<Cause> of(WorkerProcess process) {
        if (!process.isOfThisHost() || process.fatalErrorLog().isEmpty()) {
            return Optional.empty();
        }
        Path told = Path.of(process.fatalErrorLog());
        // where the place it was told cannot be written, the virtual machine takes the directory for temporary files
        Path other = Path.of(System.getProperty("java.io.tmpdir"), "hs_err_pid" + process.pid() + ".log");
        return read(told, process).or(() -> read(other, process));
    }

    private static Optional<Cause> read(Path file, WorkerProcess process) {
        try {
            if (!Files.isRegularFile(file) || Files.getLastModifiedTime(file).toMillis() < process.startedAtMillis()) {
                return Optional.empty();
            }
            return parse(head(file), process.pid());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @param lines the file's first */
    static Optional<Cause> parse(List<String> lines, long pid) {
        String signal = "";
        for (String line : lines) {
            Matcher found = SIGNAL.matcher(line);
            if (signal.isEmpty() && found.find() && Long.parseLong(found.group(2)) == pid) {
                signal = found.group(1);
            }
            Matcher frame = FRAME.matcher(line);
            if (!signal.isEmpty() && frame.find()) {
                return Optional.of(new Cause(Verdict.CRASHED, signal + " in " + frame.group(1)));
            }
        }
        return signal.isEmpty() ? Optional.empty() : Optional.of(new Cause(Verdict.CRASHED, signal));
    }

    private static List<String> head(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.limit(LINES).toList();
        }
    }
}
