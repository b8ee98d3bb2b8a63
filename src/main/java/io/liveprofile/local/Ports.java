package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Loopback TCP ports: whether one can be had, and a free one. */
public final class Ports {
    /** The only address anything here listens on. */
    public static final String LOOPBACK = "127.0.0.1";

    private Ports() {}

    /**
     * Returns when the port can be listened on now.
     *
     * @param what the option that names the port, for the message
     * @throws ConfigException when the port is out of range or another process listens on it
     */
    public static void requireFree(int port, String what) {
        if (port < 0 || port > 65_535) {
            throw new ConfigException(what + ": port " + port + " does not exist, allowed are 0 (any free one) to 65535");
        }
        try (ServerSocket socket = listen(port)) {
            socket.getLocalPort();
        } catch (IOException e) {
            throw new ConfigException(
                    "port " + port + " is busy: end what listens there, or choose another with " + what, e);
        }
    }

    /** A port nothing listened on a moment ago; another process may still take it first. */
    public static int free() {
        try (ServerSocket socket = listen(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + LOOPBACK, e);
        }
    }

    /** Another than {@code taken}: a port given back may be drawn again at once. */
    public static int freeBeside(int taken) {
        int port = free();
        return port == taken ? freeBeside(taken) : port;
    }

    /** Whether something listens on the port and takes a connection. */
    public static boolean isListening(int port) {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
