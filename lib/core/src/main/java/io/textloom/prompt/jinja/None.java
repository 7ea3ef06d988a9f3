package io.textloom.prompt.jinja;

/** Python's None: a value of its own, so that absence is never a null. */
enum None {
    NONE
}
