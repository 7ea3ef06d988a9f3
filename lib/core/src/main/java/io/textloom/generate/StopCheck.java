package io.textloom.generate;

/** Whether a completion has just come to a stop string. */
@FunctionalInterface
interface StopCheck {
    StopCheck NEVER = (ids, count) -> false;

    /** @param ids the first {@code count} are the completion; not to be kept or changed */
    boolean reached(int[] ids, int count);
}
