package io.textloom.spark.quarantine;

/** Whose fault it was that a process ended. */
public enum Verdict {
    /** It died of a signal of its own, as from an access to memory that is not its. */
    CRASHED(2),
    /** Nobody says, or it was killed without a reason: by a person, or for its memory, which may be a row's fault. */
    UNKNOWN(1),
    /** Somebody wanted it gone. */
    OUTSIDE(0);

    /** What a row that was alone in flight gets. */
    private final int points;

    Verdict(int points) {
        this.points = points;
    }

    int points() {
        return points;
    }
}
