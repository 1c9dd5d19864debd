package dev.pillion.server.review;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A review that waits or is being answered.
 *
 * @param arrival time of the request, on the clock of {@link System#nanoTime()}
 * @param client the address of the sender
 * @param bytes the size of the body
 * @param isAbandoned whether the client has disconnected
 * @param decision computes the reply
 * @param send called once, on any thread, with a reply that is in time or with a refusal
 * @param fail called instead of {@code send} if the decision throws
 */
record ReviewTask(
        long arrival,
        Deadline deadline,
        String client,
        int bytes,
        BooleanSupplier isAbandoned,
        Supplier<ReviewReply> decision,
        Consumer<ReviewReply> send,
        Consumer<Throwable> fail) {

    /**
     * Decides and sends the reply, unless the deadline is over before or after the decision.
     *
     * @param refusal counts a refusal and returns the reply
     * @param clock {@link System#nanoTime()}
     */
    void run(Function<LoadShedder.Reason, ReviewReply> refusal, LongSupplier clock) {
        try {
            if (isAbandoned.getAsBoolean() || deadline.isOver(clock.getAsLong())) {
                send.accept(refusal.apply(LoadShedder.Reason.DEADLINE));
                return;
            }
            ReviewReply answer = decision.get();
            send.accept(deadline.isOver(clock.getAsLong()) ? refusal.apply(LoadShedder.Reason.DEADLINE) : answer);
        } catch (RuntimeException | Error e) {
            // Also after an Error: without a response the API server would wait until its timeout.
            fail.accept(e);
        }
    }
}
