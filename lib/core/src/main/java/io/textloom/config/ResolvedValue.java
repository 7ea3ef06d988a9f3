package io.textloom.config;

/**
 * One setting's value and where it came from.
 *
 * @param value a String, Integer, Long, Double, Boolean or a list of strings, by the setting's type
 */
public record ResolvedValue(Setting setting, Object value, Origin origin) {}
