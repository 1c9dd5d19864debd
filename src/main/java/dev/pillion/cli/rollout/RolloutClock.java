package dev.pillion.cli.rollout;

import java.time.Instant;

/** The time, and the pause between two requests for the state of a workload. */
interface RolloutClock {

    RolloutClock SYSTEM = new RolloutClock() {

        private static final long PAUSE_MILLIS = 1_000;

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause() throws InterruptedException {
            Thread.sleep(PAUSE_MILLIS);
        }
    };

    Instant now();

    void pause() throws InterruptedException;
}
