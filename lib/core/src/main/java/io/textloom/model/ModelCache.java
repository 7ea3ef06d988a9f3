package io.textloom.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A directory of model folders, and of others that are as large, that all processes of a machine share. A folder appears whole, by one rename, or not at all.
 *
 * <p>The place: {@code -Dtextloom.cache}, else {@code TEXTLOOM_CACHE}, else {@code ~/.cache/textloom}, else below the temporary directory.
 */
public final class ModelCache {
    private final Path root;

    /** Writes a folder into an empty directory. */
    public interface Filler {
        void fill(Path directory) throws IOException;
    }

    /** Whether a folder already there is whole. */
    public interface Check {
        boolean intact(Path directory) throws IOException;
    }

    public ModelCache(Path root) {
        this.root = root;
    }

    public static ModelCache ofMachine() {
        String property = System.getProperty("textloom.cache", "");
        String variable = System.getenv().getOrDefault("TEXTLOOM_CACHE", "");
        if (!property.isEmpty() || !variable.isEmpty()) {
            return new ModelCache(Path.of(property.isEmpty() ? variable : property));
        }
        Path home = Path.of(System.getProperty("user.home", ""), ".cache", "textloom");
        try {
            Files.createDirectories(home);
            if (Files.isWritable(home)) {
                return new ModelCache(home);
            }
        } catch (IOException e) {
            // a service account often has no home: the temporary directory serves as well
        }
        return new ModelCache(
                Path.of(System.getProperty("java.io.tmpdir"), "textloom-" + System.getProperty("user.name")));
    }

    /**
     * The folder of that key, filled first if it is not there or not intact. Safe among threads and processes.
     *
     * @throws ModelException if the cache cannot be written
     */
    public Path get(String key, Check check, Filler filler) {
        Path folder = root.resolve(key);
        try {
            Files.createDirectories(root);
            try (FileChannel channel = FileChannel.open(
                            root.resolve(key + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel)) {
                if (!lock.isValid() || !Files.isDirectory(folder) || !check.intact(folder)) {
                    deleteLeftovers(key);
                    Path unfinished = Files.createTempDirectory(root, key + ".tmp");
                    try {
                        filler.fill(unfinished);
                        delete(folder);
                        move(unfinished, folder);
                    } finally {
                        delete(unfinished);
                    }
                }
                return folder;
            }
        } catch (IOException e) {
            throw new ModelException(
                    "Cannot put " + key + " into the cache " + root + ": " + e
                            + "; free some space or set TEXTLOOM_CACHE to another directory",
                    e);
        }
    }

    /** Where it is. */
    public Path root() {
        return root;
    }

    /**
     * Writes a file and takes it away again.
     *
     * @return where the cache is
     * @throws ModelException if that cannot be done
     */
    public String checkWritable() {
        try {
            Files.createDirectories(root);
            Files.delete(Files.createTempFile(root, "probe", ""));
            return root.toString();
        } catch (IOException e) {
            throw new ModelException(
                    "The cache " + root + " cannot be written: " + e.getMessage()
                            + "; set TEXTLOOM_CACHE to another directory",
                    e);
        }
    }

    /** Folders of models that are in it, by name. */
    public List<Path> models() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(p -> !p.getFileName().toString().contains(".tmp"))
                    .filter(p -> Files.isRegularFile(p.resolve("config.json")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ModelException("The cache " + root + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Another thread of this process, or another class loader, may hold the lock: Java then throws instead of waiting. */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    /** Temporary directories of processes that were killed; the caller holds the key's lock. */
    private void deleteLeftovers(String key) throws IOException {
        List<Path> leftovers;
        try (Stream<Path> entries = Files.list(root)) {
            leftovers = entries.filter(p -> p.getFileName().toString().startsWith(key + ".tmp"))
                    .toList();
        }
        for (Path leftover : leftovers) {
            delete(leftover);
        }
    }

    /** Deletes a directory and all that is in it; nothing if it is not there. */
    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
