package dev.pillion.bench;

/** The minimal program for {@link CommandLine}. */
final class Hello {

    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("Hello");
    }
}
