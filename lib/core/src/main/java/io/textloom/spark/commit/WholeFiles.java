package io.textloom.spark.commit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Small files of which a reader sees all or nothing. With directories they are written under another name and renamed. In an object store a rename copies and deletes,
 * and the file it replaces is gone for a moment, while what is written takes the place of the old file when it is closed; there one write is all.
 */
public final class WholeFiles {
    /** Those in which a file is there when its stream is closed, and not before. */
    private static final Set<String> PUT_AT_CLOSE = Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs");

    private WholeFiles() {}

    /** Writes a file in the place of an older one, if there is one. */
    public static void replace(FileSystem fs, Configuration conf, Path file, byte[] bytes) throws IOException {
        if (isPutAtClose(fs)) {
            put(fs, file, bytes);
        } else if (fs instanceof LocalFileSystem local) {
            replaceHere(local.pathToFile(file).toPath(), bytes);
        } else {
            Path next = next(file);
            write(fs, next, bytes);
            FileContext.getFileContext(file.toUri(), conf).rename(next, file, Options.Rename.OVERWRITE);
        }
    }

    /** Whether a file is never missing while it is replaced. Hadoop's own rename over another file is at once on HDFS alone. */
    static boolean replacesAtOnce(FileSystem fs) {
        return isPutAtClose(fs)
                || fs instanceof LocalFileSystem
                || fs.getUri().getScheme().equals("hdfs");
    }

    /** Hadoop would delete the old file first, and keep its checksum if it is killed in between. */
    private static void replaceHere(java.nio.file.Path file, byte[] bytes) throws IOException {
        java.nio.file.Path next = file.resolveSibling("." + file.getFileName() + ".next");
        Files.createDirectories(file.resolveSibling("."));
        Files.write(next, bytes);
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a file that is not there. */
    static void create(FileSystem fs, Path file, byte[] bytes) throws IOException {
        if (isPutAtClose(fs)) {
            put(fs, file, bytes);
        } else {
            Path next = next(file);
            write(fs, next, bytes);
            if (!fs.rename(next, file)) {
                throw new IOException("Cannot rename " + next + "; check write access to " + file.getParent());
            }
        }
    }

    private static boolean isPutAtClose(FileSystem fs) {
        return PUT_AT_CLOSE.contains(fs.getUri().getScheme());
    }

    private static Path next(Path file) {
        return new Path(file.getParent(), "." + file.getName() + ".next");
    }

    private static void write(FileSystem fs, Path file, byte[] bytes) throws IOException {
        try (OutputStream out = fs.create(file, true)) {
            out.write(bytes);
        }
    }

    private static void put(FileSystem fs, Path file, byte[] bytes) throws IOException {
        FSDataOutputStream out = fs.create(file, true);
        try {
            out.write(bytes);
        } catch (IOException | RuntimeException e) {
            abort(out);
            throw e;
        }
        out.close();
    }

    /** A stream that is closed after half of the bytes would put half a file there. */
    private static void abort(FSDataOutputStream out) {
        try {
            out.abort();
        } catch (UnsupportedOperationException e) {
            // it stays open, and what was written is never seen
        }
    }
}
