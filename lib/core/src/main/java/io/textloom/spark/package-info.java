/** Whole jobs: intake, stage and commit put together, their reports and progress, and verification. */
@NullMarked
package io.textloom.spark;

import org.jspecify.annotations.NullMarked;
