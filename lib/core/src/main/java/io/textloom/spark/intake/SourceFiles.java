package io.textloom.spark.intake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files behind the input paths, directories and globs.
 *
 * @param paths every file, hidden ones ({@code _x}, {@code .x}) left out
 * @param bytes size of all files as stored
 * @param largest size of the largest
 */
record SourceFiles(List<String> paths, InputFormat format, long bytes, long largest) {
    SourceFiles {
        paths = List.copyOf(paths);
    }

    /** @throws InputException if an input matches nothing or the formats are mixed */
    static SourceFiles resolve(List<String> inputs, InputFormat asked, Configuration conf) {
        return of(list(inputs, conf), asked);
    }

    /** Every file once, in the order of the inputs. @throws InputException if an input matches nothing */
    static List<FileStatus> list(List<String> inputs, Configuration conf) {
        Map<Path, FileStatus> files = new LinkedHashMap<>();
        for (String input : inputs) {
            list(input, conf).forEach(file -> files.putIfAbsent(file.getPath(), file));
        }
        return List.copyOf(files.values());
    }

    /** @throws InputException if the formats are mixed */
    static SourceFiles of(List<FileStatus> files, InputFormat asked) {
        List<String> paths =
                files.stream().map(file -> file.getPath().toString()).toList();
        long bytes = files.stream().mapToLong(FileStatus::getLen).sum();
        long largest = files.stream().mapToLong(FileStatus::getLen).max().orElse(0);
        return new SourceFiles(paths, asked == InputFormat.AUTO ? detect(paths) : asked, bytes, largest);
    }

    /**
     * Every file with its size as stored, in the order of the inputs; unit: bytes.
     *
     * @throws InputException if an input matches nothing
     */
    static Map<String, Long> sizes(List<String> inputs, Configuration conf) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        list(inputs, conf).forEach(file -> sizes.put(file.getPath().toString(), file.getLen()));
        return sizes;
    }

    /** The same without some of the files. */
    SourceFiles without(Set<String> left) {
        return new SourceFiles(
                paths.stream().filter(path -> !left.contains(path)).toList(), format, bytes, largest);
    }

    /** Whether the input names at least one file or directory. */
    static boolean exists(String input, Configuration conf) {
        try {
            Path path = new Path(input);
            FileStatus[] found = path.getFileSystem(conf).globStatus(path);
            return found != null && found.length > 0;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The path with file system and working directory; anything that names no file stays as it is. */
    static String qualify(String input, Configuration conf) {
        if (!exists(input, conf)) {
            return input;
        }
        try {
            Path path = new Path(input);
            return path.getFileSystem(conf).makeQualified(path).toString();
        } catch (IOException e) {
            throw new InputException("Cannot open the file system of " + input + ": " + e.getMessage(), e);
        }
    }

    private static List<FileStatus> list(String input, Configuration conf) {
        try {
            Path path = new Path(input);
            FileSystem fs = path.getFileSystem(conf);
            FileStatus[] roots = fs.globStatus(path);
            if (roots == null || roots.length == 0) {
                throw new InputException(
                        "No file or directory matches " + input + "; check --input (a path, a directory or a glob)");
            }
            List<FileStatus> files = new ArrayList<>();
            for (FileStatus root : roots) {
                if (root.isFile()) {
                    files.add(root);
                } else {
                    addBelow(fs, root.getPath(), files);
                }
            }
            if (files.isEmpty()) {
                throw new InputException(input + " holds no file; check --input");
            }
            return files;
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException("Cannot list " + input + ": " + e.getMessage(), e);
        }
    }

    private static void addBelow(FileSystem fs, Path root, List<FileStatus> files) throws IOException {
        if ("file".equals(root.toUri().getScheme())) {
            addLocal(fs, root, files);
            return;
        }
        int depth = root.depth();
        RemoteIterator<LocatedFileStatus> all = fs.listFiles(root, true);
        while (all.hasNext()) {
            LocatedFileStatus file = all.next();
            if (!hidden(file.getPath(), depth)) {
                files.add(file);
            }
        }
    }

    /** Level by level: Hadoop's listing of all levels asks a local file system many times for each file. */
    private static void addLocal(FileSystem fs, Path directory, List<FileStatus> files) throws IOException {
        for (FileStatus file : fs.listStatus(directory)) {
            if (hidden(file.getPath().getName())) {
                continue;
            }
            if (file.isDirectory()) {
                addLocal(fs, file.getPath(), files);
            } else {
                files.add(file);
            }
        }
    }

    private static boolean hidden(String name) {
        return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
    }

    private static boolean hidden(Path file, int rootDepth) {
        for (Path p = file; p != null && p.depth() > rootDepth; p = p.getParent()) {
            if (hidden(p.getName())) {
                return true;
            }
        }
        return false;
    }

    private static InputFormat detect(List<String> paths) {
        Set<InputFormat> formats = EnumSet.noneOf(InputFormat.class);
        for (String path : paths) {
            formats.add(byExtension(path));
        }
        if (formats.size() != 1) {
            throw new InputException("The input mixes files of the formats " + formats
                    + "; name them apart, or say which with --input-format");
        }
        return formats.iterator().next();
    }

    static InputFormat byExtension(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        name = name.replaceFirst("\\.(gz|bz2|zst|deflate|lz4|snappy)$", "");
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (extension) {
            case "txt", "text", "md" -> InputFormat.TEXT;
            case "jsonl", "ndjson", "json" -> InputFormat.JSONL;
            case "csv", "tsv" -> InputFormat.CSV;
            case "parquet" -> InputFormat.PARQUET;
            case "orc" -> InputFormat.ORC;
            default ->
                throw new InputException("The extension of " + path
                        + " is none of txt, jsonl, csv, tsv, parquet, orc (with gz, bz2 or zst behind it);"
                        + " say the format with --input-format");
        };
    }
}
