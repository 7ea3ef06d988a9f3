package io.textloom.spark.quarantine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets a task be the only one that computes in its process, so that the process's death is that task's. Every task is in company while it computes, and makes
 * room for one that wants to be alone when it next comes to an outcome.
 */
final class Solitude {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final long patienceSeconds;

    /** @param patienceSeconds that a task waits for the others, or for the one that is alone, before it goes on without */
    Solitude(long patienceSeconds) {
        this.patienceSeconds = patienceSeconds;
    }

    /** One task's part; for one thread. */
    final class Member implements AutoCloseable {
        private boolean inCompany;
        private boolean alone;

        Member() {
            joinOthers();
        }

        /** Between two outcomes: lets somebody else be alone who waits for it. */
        void makeRoom() {
            if (inCompany && lock.hasQueuedThreads()) {
                lock.readLock().unlock();
                inCompany = false;
                joinOthers();
            }
        }

        /** @return whether nobody else computes from here on */
        boolean leaveOthers() {
            if (alone) {
                return true;
            }
            if (inCompany) {
                lock.readLock().unlock();
                inCompany = false;
            }
            try {
                alone = lock.writeLock().tryLock(patienceSeconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return alone;
        }

        /** After {@link #leaveOthers}, whatever it returned. */
        void joinOthers() {
            if (alone) {
                lock.writeLock().unlock();
                alone = false;
            }
            if (inCompany) {
                return;
            }
            try {
                inCompany = lock.readLock().tryLock(patienceSeconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            if (alone) {
                lock.writeLock().unlock();
                alone = false;
            }
            if (inCompany) {
                lock.readLock().unlock();
                inCompany = false;
            }
        }
    }
}
