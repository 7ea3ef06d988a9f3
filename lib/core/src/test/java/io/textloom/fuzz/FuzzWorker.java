package io.textloom.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A process that fuzzes one target with a bounded heap. The input under way lies in a mapped file, so that it is known whatever ends the process; a watchdog ends it when an
 * input takes too long.
 */
public final class FuzzWorker {
    static final int HUNG = 77;

    /** Far over the second that an input may take, for a machine that is busy; unit: milliseconds */
    private static final long WATCHDOG_MILLIS = 20_000;

    private static final int MAX_FOUND = 40;

    private final FuzzTarget target;
    private final Path directory;
    private final MappedByteBuffer current;
    private final Trial trial;
    private final Set<String> found = new HashSet<>();
    private volatile long inputs;

    private FuzzWorker(FuzzTarget target, Path directory) throws IOException {
        this.target = target;
        this.directory = directory;
        this.trial = new Trial(target, true);
        try (FileChannel channel = FileChannel.open(
                directory.resolve("current"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            current = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * Mutator.MAX_INPUT);
        }
    }

    /** Arguments: target, directory, seed, most inputs, most seconds of processor time. */
    public static void main(String[] args) throws Exception {
        FuzzWorker worker = new FuzzWorker(FuzzTargets.byName(args[0]), Path.of(args[1]));
        long seed = Long.parseLong(args[2]);
        long most = Long.parseLong(args[3]);
        long nanos = Long.parseLong(args[4]) * 1_000_000_000L;
        Throwable[] failed = new Throwable[1];
        // half of the stack that Java gives a thread by default, so that what passes here has room to spare
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        worker.run(seed, most, nanos);
                    } catch (Throwable t) {
                        failed[0] = t;
                    }
                },
                "fuzz",
                512 << 10);
        thread.setDaemon(true);
        thread.start();
        worker.watch(thread);
        if (failed[0] != null) {
            failed[0].printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private void watch(Thread thread) throws InterruptedException {
        long seen = -1;
        long since = System.nanoTime();
        while (thread.isAlive()) {
            thread.join(1000);
            if (inputs != seen) {
                seen = inputs;
                since = System.nanoTime();
            } else if (thread.isAlive() && System.nanoTime() - since > WATCHDOG_MILLIS * 1_000_000L) {
                for (StackTraceElement frame : thread.getStackTrace()) {
                    System.err.println("    at " + frame);
                }
                Runtime.getRuntime().halt(HUNG);
            }
        }
    }

    private void run(long seed, long most, long nanos) throws IOException {
        Corpus corpus = Corpus.of(target);
        Mutator mutator = new Mutator(target.shape(), seed, Corpus.dictionary(target));
        for (byte[] sound : List.copyOf(corpus.inputs())) {
            trial.judge(sound); // loads classes, which would count as allocation
        }
        for (byte[] sound : List.copyOf(corpus.inputs())) {
            corpus.offer(sound, tried(sound));
        }
        while (inputs < most && taken() < nanos && found.size() < MAX_FOUND) {
            byte[] input = mutator.next(corpus.inputs());
            corpus.offer(input, tried(input));
        }
        String summary = inputs + " " + corpus.added() + " " + taken() / 1e9 + "\n";
        write("summary", summary.getBytes(StandardCharsets.UTF_8));
    }

    /** Processor time of this thread, unlike that of the clock the same on a busy machine; unit: nanoseconds. */
    private static long taken() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Verdict tried(byte[] input) throws IOException {
        current.putInt(0, 0);
        current.put(12, input);
        current.putInt(0, input.length);
        Verdict verdict = trial.judge(input);
        inputs++;
        current.putLong(4, inputs);
        if (verdict.broken() && found.add(verdict.fault() + " " + verdict.signature())) {
            keep(Minimizer.minimize(trial, input, verdict), verdict.fault() + ": " + verdict.detail());
        }
        return verdict;
    }

    private void keep(byte[] input, String why) throws IOException {
        String name = name(input);
        write("found-" + name, input);
        write("found-" + name + ".txt", (why + "\n").getBytes(StandardCharsets.UTF_8));
        System.err.println(target.name() + " found-" + name + " " + why);
    }

    static String name(byte[] input) {
        CRC32 crc = new CRC32();
        crc.update(input);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** The input that was under way and how many had been done before it, from the file of a worker that died. */
    static ByteBuffer current(Path directory) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(directory.resolve("current")));
    }

    private void write(String name, byte[] content) throws IOException {
        Files.write(directory.resolve(name), content);
    }
}
