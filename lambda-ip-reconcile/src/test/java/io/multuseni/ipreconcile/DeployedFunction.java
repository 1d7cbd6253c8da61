// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpServer;
import io.multuseni.locallambda.Invocation;
import io.multuseni.locallambda.LocalLambda;
import io.multuseni.locallambda.Settings;
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
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * The function as it is deployed: the shrunk jar in a process of its own, which asks EKS where the
 * cluster's API is and goes there over TLS. Behind EKS, and behind the TLS, is a scene.
 */
final class DeployedFunction implements AutoCloseable {
  /** Failsafe runs in the module's folder. */
  static final Path JAR = Path.of("target", "lambda-ip-reconcile-function.jar");

  private static final String HANDLER = "io.multuseni.ipreconcile.IpReconcileHandler";
  private static final String PASSWORD = "changeit";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SSLServerSocket tls;
  private final HttpServer eks;
  private final LocalLambda function;

  /** Calls of DescribeCluster so far. */
  final AtomicInteger described = new AtomicInteger();

  DeployedFunction(ClusterScene scene, Path folder, Duration timeout) {
    try {
      KeyStore keys = keys(folder);
      tls = tlsBefore(scene.cluster.endpoint(), keys);
      eks = eks(keys);
      function =
          LocalLambda.start(
              Settings.of(
                      JAR,
                      HANDLER,
                      Map.of(
                          "MULTUS_ENI_CONFIG", YAML.readTree(scene.yaml()).toString(),
                          "AWS_ENDPOINT_URL", scene.cloud.endpoint().toString(),
                          "AWS_ENDPOINT_URL_EKS", "http://127.0.0.1:" + eks.getAddress().getPort()))
                  .withTimeout(timeout));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  Invocation invoke() {
    return function.invoke("{\"source\": \"aws.events\"}");
  }

  JsonNode report() {
    return tree(invoke().result());
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  @Override
  public void close() {
    function.close();
    eks.stop(0);
    try {
      tls.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  /** A certificate that vouches for itself, made by the JDK's keytool. */
  private static KeyStore keys(Path folder) throws IOException, GeneralSecurityException {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "api",
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
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (!Files.exists(file) && keytool.onExit().join().exitValue() != 0) {
      throw new AssertionError(Files.readString(folder.resolve("keytool.log")));
    }
    keytool.onExit().join();
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

  /** EKS as far as DescribeCluster goes. */
  private HttpServer eks(KeyStore keys) throws IOException, GeneralSecurityException {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("api").getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    String body =
        JSON.writeValueAsString(
            Map.of(
                "cluster",
                Map.of(
                    "name",
                    ClusterScene.CLUSTER,
                    "endpoint",
                    "https://127.0.0.1:" + tls.getLocalPort(),
                    "certificateAuthority",
                    Map.of(
                        "data",
                        Base64.getEncoder()
                            .encodeToString(pem.getBytes(StandardCharsets.UTF_8))))));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/clusters/" + ClusterScene.CLUSTER,
        exchange -> {
          described.incrementAndGet();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }
}
