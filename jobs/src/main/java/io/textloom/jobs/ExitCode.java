package io.textloom.jobs;

/** What a run tells the one that started it. */
enum ExitCode {
    DONE(0),
    BAD_ARGUMENTS(2),
    UNREADABLE(3),
    ERROR_RATIO_EXCEEDED(4),
    /** The same command again goes on where this run ended. */
    FAILED(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
