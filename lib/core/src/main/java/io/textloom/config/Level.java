package io.textloom.config;

/** Where a value can come from; each level beats those before it. */
public enum Level {
    DEFAULT,
    FILE,
    SPARK,
    ENVIRONMENT,
    ASSIGNMENT,
    OPTION
}
