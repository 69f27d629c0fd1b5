package dev.jetstream.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/**
 * Handles TERM and INT, so that the program can stop in order and choose its exit code: by default a JVM ends with 143 or 130 as
 * soon as its shutdown hooks are done.
 */
public final class StopSignals {
    private static final List<String> NAMES = List.of("TERM", "INT");
    private static final int IMPATIENT = 1;

    private StopSignals() {}

    /**
     * Runs {@code stop} on a new thread at the first signal; a second signal ends the process at once with code 1. Replaces the
     * action of an earlier call.
     */
    public static void install(Runnable stop) {
        AtomicBoolean stopping = new AtomicBoolean();
        Runnable onSignal = () -> {
            if (stopping.compareAndSet(false, true)) {
                new Thread(stop, "stop").start();
            } else {
                Runtime.getRuntime().halt(IMPATIENT);
            }
        };
        try {
            for (String name : NAMES) {
                handle(name, onSignal);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LoggerFactory.getLogger(StopSignals.class)
                    .debug("this JVM does not pass signals on reason={}", e.toString());
            Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop"));
        }
    }

    /** Uses reflection, since the compiler rejects {@code sun.misc}; no public API replaces it. */
    private static void handle(String name, Runnable onSignal) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                onSignal.run();
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> name;
        };
        Object proxy = Proxy.newProxyInstance(StopSignals.class.getClassLoader(), new Class<?>[] {handler}, calls);
        Object instance = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
    }
}
