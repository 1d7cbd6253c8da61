// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * What stands before a scene's Kubernetes API in an account: EKS, as far as DescribeCluster goes,
 * and TLS by a certificate that EKS vouches for.
 */
final class EksFront implements AutoCloseable {
  private static final String PASSWORD = "changeit";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger described = new AtomicInteger();
  private final Path folder;
  private final String authority;
  private final SSLServerSocket tls;
  private final HttpServer eks;
  private volatile String toldAuthority;
  private volatile Optional<Refusal> lasting = Optional.empty();

  private record Refusal(int status, String code, String message) {}

  /**
   * Opens it.
   *
   * @param scene the cluster behind it
   * @param folder for keys
   */
  EksFront(ClusterScene scene, Path folder) {
    this.folder = folder;
    try {
      KeyStore keys = keys("api");
      authority = base64(keys.getCertificate("api"));
      toldAuthority = authority;
      tls = tlsBefore(scene.cluster.endpoint(), keys);
      eks = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      eks.createContext("/clusters/" + ClusterScene.CLUSTER, this::describe);
      eks.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Where the Kubernetes API is. */
  String endpoint() {
    return "https://127.0.0.1:" + tls.getLocalPort();
  }

  /** Its certificate authority: PEM in base64. */
  String authority() {
    return authority;
  }

  /** A certificate authority that has nothing to do with it. */
  String strangeAuthority() {
    try {
      return base64(keys("stranger").getCertificate("stranger"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** From now on EKS names that certificate authority. */
  void tell(String otherAuthority) {
    toldAuthority = otherAuthority;
  }

  /** Where EKS is. */
  String eksEndpoint() {
    return "http://127.0.0.1:" + eks.getAddress().getPort();
  }

  /** Refuses one call of DescribeCluster, after those that are to be refused already. */
  void refuseOnce(int status, String code, String message) {
    refusals.add(new Refusal(status, code, message));
  }

  /** Refuses every call of DescribeCluster, until {@link #answerAgain()}. */
  void refuse(int status, String code, String message) {
    lasting = Optional.of(new Refusal(status, code, message));
  }

  void answerAgain() {
    lasting = Optional.empty();
  }

  /** Calls of DescribeCluster so far, refused ones included. */
  int described() {
    return described.get();
  }

  @Override
  public void close() {
    eks.stop(0);
    try {
      tls.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  private static String base64(Certificate certificate) throws GeneralSecurityException {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  /** A certificate that vouches for itself, made by the JDK's keytool. */
  private KeyStore keys(String alias) throws IOException, GeneralSecurityException {
    Path file = folder.resolve(alias + ".p12");
    Path log = folder.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (keytool.onExit().join().exitValue() != 0) {
      throw new AssertionError(Files.readString(log));
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private SSLServerSocket tlsBefore(URI plain, KeyStore keys)
      throws IOException, GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(() -> {
      while (!server.isClosed()) {
        try {
          Socket client = server.accept();
          Socket behind = new Socket(InetAddress.getLoopbackAddress(), plain.getPort());
          threads.execute(() -> pass(client, behind));
          threads.execute(() -> pass(behind, client));
        } catch (IOException e) {
          // Closed, or nobody behind: the client sees a connection that ends.
        }
      }
    });
    return server;
  }

  /** All bytes of one to the other; where either ends, both do. */
  private static void pass(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // A cut connection is passed on by closing both.
    }
  }

  private void describe(HttpExchange exchange) throws IOException {
    described.incrementAndGet();
    Optional<Refusal> refusal = Optional.ofNullable(refusals.poll()).or(() -> lasting);
    if (refusal.isPresent()) {
      exchange.getResponseHeaders().add("x-amzn-ErrorType", refusal.get().code());
      answer(exchange, refusal.get().status(), Map.of("message", refusal.get().message()));
      return;
    }
    answer(
        exchange,
        200,
        Map.of(
            "cluster",
            Map.of(
                "name",
                ClusterScene.CLUSTER,
                "endpoint",
                endpoint(),
                "certificateAuthority",
                Map.of("data", toldAuthority))));
  }

  private static void answer(HttpExchange exchange, int status, Map<String, ?> body)
      throws IOException {
    byte[] bytes = json(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static byte[] json(Map<String, ?> body) throws JsonProcessingException {
    return JSON.writeValueAsBytes(body);
  }
}
