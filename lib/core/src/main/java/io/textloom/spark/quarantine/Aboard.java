package io.textloom.spark.quarantine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/** The attempts under way in one process. */
final class Aboard {
    /** A task comes to an outcome at least every few thousand short rows. */
    private static final long PATIENCE_SECONDS = 120;

    private static final Aboard THIS_PROCESS = new Aboard(PATIENCE_SECONDS);

    static {
        // who is stopped in an orderly way takes the crumbs along, since no row is to blame; before Hadoop closes its
        // file systems
        ShutdownHookManager.get().addShutdownHook(THIS_PROCESS::land, FileSystem.SHUTDOWN_HOOK_PRIORITY + 20);
    }

    private final Set<Flight> flights = ConcurrentHashMap.newKeySet();
    private final Solitude solitude;

    /** @param patienceSeconds that attempts wait for each other */
    Aboard(long patienceSeconds) {
        solitude = new Solitude(patienceSeconds);
    }

    static Aboard ofProcess() {
        return THIS_PROCESS;
    }

    Solitude.Member enter(Flight flight) {
        flights.add(flight);
        return solitude.new Member();
    }

    void leave(Flight flight) {
        flights.remove(flight);
    }

    boolean isOnly(Flight flight) {
        return flights.size() == 1 && flights.contains(flight);
    }

    private void land() {
        flights.forEach(Flight::land);
    }
}
