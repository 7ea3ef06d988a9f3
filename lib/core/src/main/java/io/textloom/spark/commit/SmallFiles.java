package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.stage.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;

/**
 * Puts the small files of rows that tasks left in staging together, so that a large output has none: a task ends with what is left over, and writes a file to
 * every partition directory. Only small files are written again.
 */
final class SmallFiles {
    /** Files below this part of the size asked for are small. */
    private static final double SMALL = 0.25;

    private final long fileTokens;
    private final int cores;

    /**
     * @param fileTokens size of a file of rows, about; unit: tokens
     * @param cores small files that an output may have if it is small itself: one per core is what a small job writes
     */
    SmallFiles(long fileTokens, int cores) {
        this.fileTokens = fileTokens;
        this.cores = cores;
    }

    /** Groups of small files of one directory that together make one file each; none where no size is asked for. */
    List<List<StagedFile>> groups(List<StagedFile> files) {
        if (fileTokens == Stage.ANY_FILE_SIZE) {
            return List.of();
        }
        Map<String, List<StagedFile>> byDirectory = files.stream()
                .filter(f -> f.kind() == Kind.ROWS && f.rows() > 0)
                .sorted(Comparator.comparingLong(StagedFile::tokens))
                .collect(Collectors.groupingBy(StagedFile::directory, TreeMap::new, Collectors.toList()));
        List<List<StagedFile>> groups = new ArrayList<>();
        for (List<StagedFile> all : byDirectory.values()) {
            long tokens = all.stream().mapToLong(StagedFile::tokens).sum();
            long small = all.stream().filter(this::isSmall).count();
            if (small > 0 && (tokens >= fileTokens || small > cores)) {
                group(all, groups);
            }
        }
        return groups;
    }

    /** Fills one group after another with the smallest files; the last takes one that is not small if it is still small itself. */
    private void group(List<StagedFile> ascending, List<List<StagedFile>> groups) {
        List<StagedFile> group = new ArrayList<>();
        long tokens = 0;
        for (StagedFile file : ascending) {
            boolean fits = tokens + file.tokens() <= TableWriters.TOLERANCE * fileTokens;
            if (!isSmall(file) && (!fits || tokens >= SMALL * fileTokens)) {
                break;
            }
            if (!fits) {
                groups.add(group);
                group = new ArrayList<>();
                tokens = 0;
            }
            group.add(file);
            tokens += file.tokens();
        }
        if (group.size() > 1) {
            groups.add(group);
        }
    }

    private boolean isSmall(StagedFile file) {
        return isSmall(file.tokens(), fileTokens);
    }

    static boolean isSmall(long size, long target) {
        return size < SMALL * target;
    }

    /** Fills one group after another; a last one of a single file is left out. @param ascending small ones */
    static <T> List<List<T>> fill(List<T> ascending, ToLongFunction<T> size, long target) {
        List<List<T>> groups = new ArrayList<>();
        List<T> group = new ArrayList<>();
        long sum = 0;
        for (T file : ascending) {
            if (sum + size.applyAsLong(file) > TableWriters.TOLERANCE * target) {
                groups.add(group);
                group = new ArrayList<>();
                sum = 0;
            }
            group.add(file);
            sum += size.applyAsLong(file);
        }
        if (group.size() > 1) {
            groups.add(group);
        }
        return groups;
    }

    /** The files with each group replaced by one new file. */
    static List<StagedFile> merge(List<StagedFile> files, List<List<StagedFile>> groups, Rewriting rewriting) {
        if (groups.isEmpty()) {
            return files;
        }
        List<JavaRDD<StagedFile>> writes = new ArrayList<>();
        for (List<StagedFile> group : groups) {
            List<String> paths = group.stream()
                    .map(f -> rewriting.staging() + "/" + f.name())
                    .toList();
            writes.add(rewriting.write(
                    rewriting.read(paths).coalesce(1), group.get(0).directory()));
        }
        Set<StagedFile> merged = new HashSet<>();
        groups.forEach(merged::addAll);
        List<StagedFile> kept =
                new ArrayList<>(files.stream().filter(f -> !merged.contains(f)).toList());
        kept.addAll(Rewriting.collect(rewriting.spark(), writes));
        return kept;
    }
}
