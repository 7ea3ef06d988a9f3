package io.textloom.generate;

/**
 * One prompt.
 *
 * @param tag the caller's own, handed back with the outcome
 * @param id the row's stable id, from which its random draws are derived
 */
public record GenerateRequest(long tag, String id, String prompt) {}
