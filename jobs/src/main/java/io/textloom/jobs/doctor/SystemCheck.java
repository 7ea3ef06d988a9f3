package io.textloom.jobs.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Limits of the operating system: open files, processes, huge pages, what the container grants. */
public final class SystemCheck implements Check {
    private static final long LEAST_FILES = 1024;
    private static final long ENOUGH_FILES = 4096;
    private static final Pattern SOFT = Pattern.compile("\\s+(\\d+|unlimited)\\s+");
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)]");

    private final Path root;

    /** @param root of the file system that {@code /proc} and {@code /sys} are in */
    public SystemCheck(Path root) {
        this.root = root;
    }

    @Override
    public String part() {
        return "system";
    }

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "operating system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch")));
        openFiles().ifPresent(findings::add);
        Optional<String> pages = read("sys/kernel/mm/transparent_hugepage/enabled");
        if (pages.isPresent()) {
            Matcher chosen = CHOSEN.matcher(pages.get());
            String value = chosen.find() ? chosen.group(1) : pages.get().strip();
            findings.add(Finding.unless(
                    !value.equals("never"),
                    "transparent huge pages",
                    value,
                    "madvise or always",
                    "large weights are read a little faster with them; ask who runs the machine"));
        }
        Optional<String> limit = read("sys/fs/cgroup/memory.max");
        if (limit.isPresent() && limit.get().strip().matches("\\d{1,18}")) {
            findings.add(Finding.ok(
                    "container's memory",
                    JavaCheck.gib(Long.parseLong(limit.get().strip()))));
        }
        Optional<String> cpu = read("sys/fs/cgroup/cpu.max");
        if (cpu.isPresent() && !cpu.get().startsWith("max")) {
            findings.add(Finding.ok("container's processor share", cpu.get().strip() + " (microseconds, of a period)"));
        }
        return findings;
    }

    private Optional<Finding> openFiles() throws IOException {
        Optional<String> limits = read("proc/self/limits");
        if (limits.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> line =
                limits.get().lines().filter(l -> l.startsWith("Max open files")).findFirst();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        Matcher soft = SOFT.matcher(line.get());
        if (!soft.find()) {
            return Optional.empty();
        }
        long files = soft.group(1).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft.group(1));
        String found = files == Long.MAX_VALUE ? "unlimited" : String.valueOf(files);
        String remedy = "raise it before Spark starts: ulimit -n 65536, or LimitNOFILE of the service";
        return Optional.of(
                files < LEAST_FILES
                        ? Finding.failed("open files", found, ENOUGH_FILES + " or more", remedy)
                        : Finding.unless(
                                files >= ENOUGH_FILES, "open files", found, ENOUGH_FILES + " or more", remedy));
    }

    private Optional<String> read(String path) throws IOException {
        Path file = root.resolve(path);
        return Files.isReadable(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }
}
