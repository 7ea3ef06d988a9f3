package io.textloom.jobs;

import io.textloom.spark.Progress;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line that is rewritten on a terminal, a line every ten seconds elsewhere. */
final class ConsoleProgress implements Progress, AutoCloseable {
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;
    private static final String ROWS = "rows";
    private static final String CLEAR = "\r\u001b[K";

    private final Console console;
    private final LongSupplier nanoTime;
    private String phase = "";
    private String unit = ROWS;
    private long nextNanos;
    private boolean lineShown;

    ConsoleProgress(Console console) {
        this(console, System::nanoTime);
    }

    ConsoleProgress(Console console, LongSupplier nanoTime) {
        this.console = console;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void started(String newPhase) {
        started(newPhase, ROWS);
    }

    @Override
    public synchronized void started(String newPhase, String newUnit) {
        phase = newPhase;
        unit = newUnit;
        show(phase + " …");
        nextNanos = nanoTime.getAsLong() + interval();
    }

    @Override
    public synchronized void advanced(Snapshot snapshot) {
        long now = nanoTime.getAsLong();
        if (now - nextNanos >= 0) {
            show(line(phase, unit, snapshot));
            nextNanos = now + interval();
        }
    }

    @Override
    public synchronized void finished() {
        if (lineShown) {
            console.err().print(CLEAR);
            console.err().flush();
            lineShown = false;
        }
    }

    @Override
    public void close() {
        finished();
    }

    private long interval() {
        return console.terminal() ? TERMINAL_NANOS : PLAIN_NANOS;
    }

    private void show(String line) {
        if (console.terminal()) {
            console.err().print(CLEAR + line);
            console.err().flush();
            lineShown = true;
        } else {
            console.err().println(line);
        }
    }

    /** {@code embed: 1,200 of 4,800 rows (25%), 3,456 tokens/s, ETA 0:42} */
    static String line(String phase, String unit, Snapshot snapshot) {
        StringBuilder line = new StringBuilder(phase).append(": ").append(grouped(snapshot.rowsDone()));
        if (snapshot.rowsTotal() > 0) {
            line.append(" of ").append(grouped(snapshot.rowsTotal()));
        }
        line.append(' ').append(unit);
        if (snapshot.rowsTotal() > 0) {
            line.append(String.format(Locale.ROOT, " (%d%%)", 100 * snapshot.rowsDone() / snapshot.rowsTotal()));
        }
        if (snapshot.seconds() > 0 && snapshot.tokensDone() > 0) {
            line.append(", ")
                    .append(grouped(Math.round(snapshot.tokensDone() / snapshot.seconds())))
                    .append(" tokens/s");
        }
        if (snapshot.rowsTotal() > 0 && snapshot.rowsDone() > 0 && snapshot.rowsDone() < snapshot.rowsTotal()) {
            double left = snapshot.seconds() / snapshot.rowsDone() * (snapshot.rowsTotal() - snapshot.rowsDone());
            line.append(", ETA ").append(clock(Math.round(left)));
        }
        return line.toString();
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String clock(long seconds) {
        long hours = seconds / 3600;
        long minutes = seconds / 60 % 60;
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, minutes, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", minutes, seconds % 60);
    }
}
