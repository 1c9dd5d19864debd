package dev.pillion.server.review;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One review that waits to be answered, or is being answered.
 *
 * @param client the address that it came from
 * @param bytes of its body
 * @param isAbandoned whether its client has left
 * @param decision what is to be sent
 * @param send called once, on any thread, with a decision that is in time, or with a refusal
 * @param fail called instead where the decision failed
 */
record ReviewTask(
        Deadline deadline,
        String client,
        int bytes,
        BooleanSupplier isAbandoned,
        Supplier<ReviewReply> decision,
        Consumer<ReviewReply> send,
        Consumer<Throwable> fail) {

    /** Decides, unless it is too late for that. A decision that comes too late is not sent either. */
    void run(LoadShedder shedder) {
        try {
            if (isAbandoned.getAsBoolean() || deadline.isOver()) {
                send.accept(shedder.refusal(LoadShedder.Reason.DEADLINE));
                return;
            }
            ReviewReply answer = decision.get();
            send.accept(deadline.isOver() ? shedder.refusal(LoadShedder.Reason.DEADLINE) : answer);
        } catch (RuntimeException | Error e) {
            // An Error too must be answered, or the API server would wait for as long as it can.
            fail.accept(e);
        }
    }
}
