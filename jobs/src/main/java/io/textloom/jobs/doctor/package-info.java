/** What {@code textloom doctor} looks at, each in a class of its own. */
@NullMarked
package io.textloom.jobs.doctor;

import org.jspecify.annotations.NullMarked;
