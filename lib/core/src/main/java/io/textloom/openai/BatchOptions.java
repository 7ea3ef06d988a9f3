package io.textloom.openai;

import java.io.Serializable;

/**
 * Which of the generate job's settings were given, so that they beat the API's defaults; what a request says beats both.
 *
 * @param temperature whether generate.temperature was given; else it is 1
 * @param maxNewTokens whether generate.maxNewTokens was given; else completions have 16
 */
public record BatchOptions(boolean temperature, boolean maxNewTokens) implements Serializable {
    /** The API's defaults. */
    public static final BatchOptions API = new BatchOptions(false, false);
}
