// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node as the boot gate sees it: an instance metadata service that wants tokens, folders in the
 * place of /sys, /proc, /run and /etc, and programs that write down their calls. Its uptime moves
 * by what is slept, so that no test waits.
 */
final class FakeNode implements AutoCloseable {
  static final String PRIMARY_MAC = "0a:00:00:00:00:00";

  private final Path folder;
  private final Path root;
  private final Path bin;
  private final String shell;
  private final HttpServer server;
  private final List<List<Eni>> readings = new ArrayList<>();
  private final Map<Integer, Runnable> before = new TreeMap<>();
  private final Set<String> tokens = new HashSet<>();
  private final Map<String, String> environment = new TreeMap<>();
  private String instanceType = "m5.xlarge";
  private List<Eni> shown = List.of();
  private int reading;
  private int tokensGiven;
  private int unauthorized;
  private boolean down;

  /** An interface of the instance metadata; without a card it has no entry for it. */
  record Eni(String mac, int device, Optional<Integer> card) {
    static Eni at(int device) {
      return new Eni(macOf(device), device, Optional.empty());
    }

    static Eni at(int card, int device) {
      return new Eni(macOf(device), device, Optional.of(card));
    }

    String id() {
      return "eni-" + mac.replace(":", "");
    }
  }

  /** How a program ended. */
  record Ended(int code, String output) {}

  FakeNode(Path folder, String shell) throws IOException {
    this.folder = folder;
    this.shell = shell;
    root = Files.createDirectories(folder.resolve("root"));
    bin = Files.createDirectories(folder.resolve("bin"));
    write("proc/uptime", "100.52 180.00\n");
    link("ens5", PRIMARY_MAC, "0000:00:05.0");
    write("sys/class/net/ens5/mtu", "9001\n");
    write("sys/class/net/lo/address", "00:00:00:00:00:00\n");
    program("ip", "grep -qxF \"$*\" \"$FAKE/ip-refuses\" 2>/dev/null && exit 2; exit 0");
    program("networkctl", "[ ! -e \"$FAKE/networkctl-fails\" ]");
    program("systemctl", "exit 0");
    program(
        "aws",
        """
        if [ -s "$FAKE/aws-errors" ]; then
          head -n 1 "$FAKE/aws-errors" >&2
          sed -i 1d "$FAKE/aws-errors"
          exit 255
        fi
        cat "$FAKE/aws-answer"\
        """);
    program(
        "sleep",
        """
        IFS=. read -r now _ <"$MULTUS_ENI_TEST_ROOT/proc/uptime"
        echo "$((now + $1)).00 0.00" >"$MULTUS_ENI_TEST_ROOT/proc/uptime"\
        """);
    Files.writeString(folder.resolve("aws-answer"), "4\t15\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    environment.put("FAKE", folder.toString());
    environment.put("MULTUS_ENI_TEST_ROOT", root.toString());
    environment.put("MULTUS_ENI_TEST_IMDS", "http://127.0.0.1:" + server.getAddress().getPort());
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
  }

  static String macOf(int device) {
    return "0a:00:00:00:00:%02x".formatted(device);
  }

  // ---- arranging -----------------------------------------------------------------------------

  /** What one more reading of the metadata lists beside the primary interface; the last stays. */
  FakeNode reads(Eni... interfaces) {
    List<Eni> all = new ArrayList<>();
    all.add(new Eni(PRIMARY_MAC, 0, Optional.empty()));
    all.addAll(List.of(interfaces));
    readings.add(all);
    return this;
  }

  /** Lets something happen before the reading of that number, from 1. */
  FakeNode beforeReading(int number, Runnable happening) {
    before.put(number, happening);
    return this;
  }

  /** A link with the kernel's settings of it. */
  FakeNode link(String name, String mac, String pci) {
    write("sys/class/net/" + name + "/address", mac + "\n");
    write("sys/devices/pci0000:00/" + pci + "/vendor", "0x1d0f\n");
    try {
      Files.createSymbolicLink(
          root.resolve("sys/class/net/" + name + "/device"),
          root.resolve("sys/devices/pci0000:00/" + pci));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write("proc/sys/net/ipv4/conf/" + name + "/rp_filter", "1\n");
    write("proc/sys/net/ipv6/conf/" + name + "/accept_ra", "1\n");
    write("proc/sys/net/ipv6/conf/" + name + "/autoconf", "1\n");
    return this;
  }

  /** What a pod has on top of an interface: the same MAC address, no device. */
  FakeNode virtualLink(String name, String mac) {
    write("sys/class/net/" + name + "/address", mac + "\n");
    return this;
  }

  FakeNode type(String type) {
    instanceType = type;
    return this;
  }

  FakeNode expiresTokens() {
    tokens.clear();
    return this;
  }

  /** Whether the metadata service answers nothing but errors. */
  FakeNode down(boolean isDown) {
    down = isDown;
    return this;
  }

  FakeNode env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** A file beside the root that the programs go by. */
  FakeNode arrange(String name, String content) {
    try {
      Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** What a reboot leaves: /run is empty, the kernel's settings are anew. */
  FakeNode reboots() {
    try {
      delete(root.resolve("run"));
      Files.deleteIfExists(folder.resolve("calls"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reading = 0;
    return this;
  }

  // ---- running and looking -------------------------------------------------------------------

  Ended run(String script, String... arguments) throws IOException, InterruptedException {
    Path file = folder.resolve("script");
    Files.writeString(file, script);
    List<String> command = new ArrayList<>(List.of(shell, file.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Path output = folder.resolve("output");
    Process process = builder.redirectOutput(output.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + Files.readString(output));
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }

  boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  String read(String path) throws IOException {
    return Files.readString(root.resolve(path));
  }

  /** The calls of programs so far, without the sleeping. */
  List<String> calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls)
        ? Files.readAllLines(calls).stream().filter(call -> !call.startsWith("sleep ")).toList()
        : List.of();
  }

  synchronized int readingsSoFar() {
    return reading;
  }

  synchronized int tokensGiven() {
    return tokensGiven;
  }

  synchronized int unauthorized() {
    return unauthorized;
  }

  FakeNode write(String path, String content) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void program(String name, String body) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(
        file, "#!/bin/sh\necho \"%s $*\" >>\"$FAKE/calls\"\n%s\n".formatted(name, body));
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + file);
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> all = Files.walk(path)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }

  // ---- instance metadata ---------------------------------------------------------------------

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/latest/api/token")) {
      boolean wellFormed =
          exchange.getRequestMethod().equals("PUT")
              && exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token-ttl-seconds")
                  != null;
      if (down || !wellFormed) {
        send(exchange, down ? 503 : 400, "");
        return;
      }
      tokensGiven++;
      String token = "token-" + tokensGiven + "==";
      tokens.add(token);
      send(exchange, 200, token);
      return;
    }
    String prefix = "/latest/meta-data/";
    String wanted = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
    if (wanted.equals("network/interfaces/macs/")) {
      reading++;
      Runnable happening = before.get(reading);
      if (happening != null) {
        happening.run();
      }
      shown = readings.isEmpty() ? List.of() : readings.get(Math.min(reading, readings.size()) - 1);
    }
    if (!tokens.contains(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"))) {
      unauthorized++;
      send(exchange, 401, "");
      return;
    }
    if (down) {
      send(exchange, 503, "");
      return;
    }
    String value = value(wanted);
    send(exchange, value == null ? 404 : 200, value == null ? "" : value);
  }

  private @Nullable String value(String wanted) {
    return switch (wanted) {
      case "network/interfaces/macs/" ->
          String.join("\n", shown.stream().map(one -> one.mac() + "/").toList());
      case "instance-type" -> instanceType;
      case "instance-id" -> "i-0123456789abcdef0";
      case "placement/region" -> "eu-central-1";
      case "mac" -> PRIMARY_MAC;
      default ->
          shown.stream()
              .filter(one -> wanted.startsWith("network/interfaces/macs/" + one.mac() + "/"))
              .findFirst()
              .map(one -> field(one, wanted.substring(wanted.lastIndexOf('/') + 1)))
              .orElse(null);
    };
  }

  private static @Nullable String field(Eni eni, String name) {
    return switch (name) {
      case "device-number" -> Integer.toString(eni.device());
      case "interface-id" -> eni.id();
      case "network-card" -> eni.card().map(String::valueOf).orElse(null);
      default -> null;
    };
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
