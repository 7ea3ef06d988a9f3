/** Command line and spark-submit main: arguments to jobs, progress, reports and exit codes. */
@NullMarked
package io.textloom.jobs;

import org.jspecify.annotations.NullMarked;
