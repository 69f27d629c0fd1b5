package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.stream.Subscription;

/** Where the endpoint brings upgraded sockets. */
public interface Subscribers {
    /**
     * Makes a subscriber for a socket whose upgrade's answer is out.
     *
     * @return where the transport reports what happens on the socket; usable at once
     */
    Socket.Events subscribe(Socket socket, Subscription request);
}
