package io.textloom.spark.quarantine;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Why processes ended: by their fatal error logs where these are on this machine, else by what the driver was told. */
final class Causes implements Function<WorkerProcess, Cause> {
    /** The driver learns of an exit code up to five seconds after the executor is lost. Unit: milliseconds */
    private static final long PATIENCE_MILLIS = 8_000;

    private static final long STEP_MILLIS = 200;

    private final CrumbStore store;
    /** Of which more may become known. */
    private final String application;

    private final Map<WorkerProcess, Cause> known = new HashMap<>();
    private long patienceMillis;

    private Causes(CrumbStore store, String application, long patienceMillis) {
        this.store = store;
        this.application = application;
        this.patienceMillis = patienceMillis;
    }

    /** What is known now. */
    static Causes now(CrumbStore store) {
        return new Causes(store, "", 0);
    }

    /**
     * What is known now or a little later: an attempt may begin before the driver has written down why the one before it died.
     *
     * @param application that runs now
     */
    static Causes soon(CrumbStore store, String application) {
        return new Causes(store, application, PATIENCE_MILLIS);
    }

    @Override
    public Cause apply(WorkerProcess process) {
        return known.computeIfAbsent(process, this::find);
    }

    private Cause find(WorkerProcess process) {
        Optional<Cause> logged = FatalErrorLog.of(process);
        if (logged.isPresent()) {
            return logged.get();
        }
        try {
            for (; ; patienceMillis -= STEP_MILLIS) {
                List<Loss> losses = store.losses();
                for (Loss loss : losses) {
                    if (loss.isOf(process)) {
                        return loss.cause();
                    }
                }
                if (patienceMillis <= 0 || !process.application().equals(application)) {
                    return Cause.UNKNOWN;
                }
                Thread.sleep(STEP_MILLIS);
            }
        } catch (IOException e) {
            return Cause.UNKNOWN; // costs a row one more death before it is condemned
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Cause.UNKNOWN;
        }
    }
}
