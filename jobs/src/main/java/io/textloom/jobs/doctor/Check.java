package io.textloom.jobs.doctor;

import java.util.List;

/** Looks at one thing and changes nothing. What it throws is a failed finding. */
public interface Check {
    /** Part of the report under which the findings stand: {@code java}, {@code output}. */
    String part();

    List<Finding> look() throws Exception;
}
