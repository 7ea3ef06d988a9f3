package io.textloom.spark.commit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps a second run off an output directory. The file is made exclusively and rewritten while the run lives; it is stale when its process is gone from
 * this machine, or when it was not rewritten for {@link #STALE}.
 */
public final class OutputLock implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final Duration STALE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fs;
    private final Path file;
    private final ScheduledExecutorService beat;

    private OutputLock(FileSystem fs, Path file) {
        this.fs = fs;
        this.file = file;
        beat = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "textloom-output-lock");
            thread.setDaemon(true);
            return thread;
        });
        beat.scheduleAtFixedRate(this::refresh, BEAT.toSeconds(), BEAT.toSeconds(), TimeUnit.SECONDS);
    }

    /** @throws OutputException if another run holds the lock */
    public static OutputLock acquire(FileSystem fs, Path file) throws IOException {
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                OutputStream out = fs.create(file, false);
                write(fs, file, out);
                return new OutputLock(fs, file);
            } catch (FileAlreadyExistsException | org.apache.hadoop.fs.PathExistsException e) {
                removeIfStale(fs, file);
            }
        }
        throw new OutputException("Cannot lock " + file + ": other runs keep taking it; try again later");
    }

    /** A lock that could not be written is no lock: it would keep this very process out. */
    private static void write(FileSystem fs, Path file, OutputStream made) throws IOException {
        try (OutputStream out = made) {
            out.write(JSON.writeValueAsBytes(Holder.thisProcess()));
        } catch (IOException e) {
            try {
                fs.delete(file, false);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static void removeIfStale(FileSystem fs, Path file) throws IOException {
        try {
            Instant written = Instant.ofEpochMilli(fs.getFileStatus(file).getModificationTime());
            Optional<Holder> holder = read(fs, file);
            boolean gone = holder.isPresent() && holder.get().isGoneFromThisMachine();
            if (!gone && written.plus(STALE).isAfter(Instant.now())) {
                throw new OutputException(
                        "Another run is working on " + file.getParent().getParent()
                                + holder.map(h -> " (process " + h.pid() + " on " + h.host() + ")")
                                        .orElse("")
                                + "; wait for its end, or delete " + file + " if that run is dead");
            }
            fs.delete(file, false);
        } catch (FileNotFoundException e) {
            // its holder has just ended
        }
    }

    private static Optional<Holder> read(FileSystem fs, Path file) throws IOException {
        try (InputStream in = fs.open(file)) {
            return Optional.of(JSON.readValue(in.readAllBytes(), Holder.class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException | ChecksumException e) {
            return Optional.empty(); // being written
        }
    }

    private void refresh() {
        try {
            byte[] holder = JSON.writeValueAsBytes(Holder.thisProcess());
            if (WholeFiles.replacesAtOnce(fs)) {
                // a process that dies meanwhile leaves the old one, and not half of one that tells nobody who holds it
                WholeFiles.replace(fs, fs.getConf(), file, holder);
            } else {
                // elsewhere the lock would be gone for a moment, and free for others
                try (OutputStream out = fs.create(file, true)) {
                    out.write(holder);
                }
            }
        } catch (IOException
                | RuntimeException e) { // RuntimeException: Hadoop wraps what it meets as it opens a file system
            // the next beat tries again; the lock is good for several missed ones
        }
    }

    @Override
    public void close() throws IOException {
        beat.shutdown();
        try {
            if (!beat.awaitTermination(BEAT.toSeconds(), TimeUnit.SECONDS)) {
                beat.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fs.delete(file, false);
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Holder(String host, long pid, long startedAtMillis) {
        static Holder thisProcess() throws UnknownHostException {
            ProcessHandle self = ProcessHandle.current();
            return new Holder(InetAddress.getLocalHost().getHostName(), self.pid(), startOf(self));
        }

        boolean isGoneFromThisMachine() throws UnknownHostException {
            if (!host.equals(InetAddress.getLocalHost().getHostName())) {
                return false;
            }
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            return process.isEmpty() || startOf(process.get()) != startedAtMillis;
        }

        private static long startOf(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        }
    }
}
