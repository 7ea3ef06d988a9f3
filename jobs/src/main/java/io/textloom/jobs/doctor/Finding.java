package io.textloom.jobs.doctor;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * What one look showed. Travels from executors.
 *
 * @param what was looked at, in a few words
 * @param expected empty where nothing in particular is
 * @param remedy what to do; empty if nothing is to be done
 */
@DefaultSerializer(JavaSerializer.class)
public record Finding(Status status, String what, String found, String expected, String remedy)
        implements Serializable {
    /** How bad it is. */
    public enum Status {
        OK,
        /** A job runs, but worse than it could. */
        WARNING,
        /** A job would fail. */
        FAILED
    }

    public static Finding ok(String what, String found) {
        return new Finding(Status.OK, what, found, "", "");
    }

    public static Finding warning(String what, String found, String expected, String remedy) {
        return new Finding(Status.WARNING, what, found, expected, remedy);
    }

    public static Finding failed(String what, String found, String expected, String remedy) {
        return new Finding(Status.FAILED, what, found, expected, remedy);
    }

    /** A warning if the condition does not hold. */
    static Finding unless(boolean good, String what, String found, String expected, String remedy) {
        return good ? ok(what, found) : warning(what, found, expected, remedy);
    }

    /** A failure if the condition does not hold. */
    static Finding require(boolean good, String what, String found, String expected, String remedy) {
        return good ? ok(what, found) : failed(what, found, expected, remedy);
    }
}
