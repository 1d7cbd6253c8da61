// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.multuseni.base.Deadline;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.config.ApiServer;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;

/** Ways to a server: TLS, tokens, EKS and kubeconfig files. */
class KubeClientsIT {
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAEXAMPLE", "secret"));

  private static final PodRef POD = new PodRef("ns", "upf-0");
  private static final CannedApi API = CannedApi.startWithTls();

  private final TestTime time = new TestTime();
  private final KubeCallCounter counter = new KubeCallCounter();
  private final AtomicInteger described = new AtomicInteger();
  private final List<AutoCloseable> toClose = new ArrayList<>();
  @TempDir private Path files;

  @BeforeEach
  void begin() {
    API.forget();
    API.has(KubeResource.PODS, Samples.pod("ns", "upf-0", "worker-1"));
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : toClose) {
      one.close();
    }
  }

  @AfterAll
  static void endServer() throws IOException {
    API.close();
  }

  private static String base64(String certificatePath) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(certificatePath)));
  }

  private ApiServer known() throws IOException {
    return new ApiServer(
        Optional.of(API.endpoint().toString()), Optional.of(base64(API.certificatePath())));
  }

  private KubeEdge eks(ApiServer server, Supplier<EksClient> clients) {
    EksToken token = new EksToken("core5g", () -> CREDENTIALS, () -> Region.US_EAST_1, time);
    KubeClients made = KubeClients.eks("core5g", server, token, clients);
    toClose.add(made);
    return made.edge(counter, Deadline.in(time, Duration.ofHours(1)));
  }

  private EksClient nobodyAsksEks() {
    throw new AssertionError("EKS was asked for what is known");
  }

  /** EKS as far as DescribeCluster goes. */
  private Supplier<EksClient> eksAnswers(int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          described.incrementAndGet();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          if (status == 404) {
            exchange.getResponseHeaders().add("x-amzn-ErrorType", "ResourceNotFoundException");
          }
          if (status == 403) {
            exchange.getResponseHeaders().add("x-amzn-ErrorType", "AccessDeniedException");
          }
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    toClose.add(() -> server.stop(0));
    URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
    return () ->
        EksClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .region(Region.US_EAST_1)
            .endpointOverride(endpoint)
            .credentialsProvider(CREDENTIALS)
            .build();
  }

  @Test
  void sendsTheTokenOverVerifiedTls() throws IOException {
    KubeEdge edge = eks(known(), this::nobodyAsksEks);

    assertThat(edge.pod(POD)).isPresent();
    assertThat(API.tokens()).singleElement().asString().startsWith("Bearer k8s-aws-v1.");
  }

  @Test
  void refusesAServerThatAnotherAuthorityVouchesFor() throws IOException {
    SelfSignedCertificate other = SelfSignedCertificate.create("localhost");
    toClose.add(other::delete);
    ApiServer wrong =
        new ApiServer(
            Optional.of(API.endpoint().toString()), Optional.of(base64(other.certificatePath())));
    KubeEdge edge = eks(wrong, this::nobodyAsksEks);

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure.code()).isEqualTo("TlsFailure");
    assertThat(failure).hasMessageContaining("cluster.certificateAuthority");
    assertThat(API.requests()).isEmpty();
  }

  @Test
  void refusesAnAuthorityThatIsNone() {
    ApiServer broken =
        new ApiServer(Optional.of(API.endpoint().toString()), Optional.of("bm90IGEgY2VydA=="));
    KubeEdge edge = eks(broken, this::nobodyAsksEks);

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(failure)
        .hasMessageContaining("connect on " + API.endpoint() + " failed: BadSettings")
        .hasMessageContaining("cluster.certificateAuthority");
  }

  @Test
  void sendsNoTokenInTheClear() throws IOException {
    ApiServer clear =
        new ApiServer(
            Optional.of("http://localhost:" + API.port()), known().certificateAuthority());
    KubeEdge edge = eks(clear, this::nobodyAsksEks);

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(failure).hasMessageContaining("https only");
    assertThat(API.requests()).isEmpty();
  }

  @Test
  void renewsARefusedTokenOnce() throws IOException {
    API.next(KubeResource.PODS, CannedApi.status(401, "Unauthorized", "Unauthorized"));
    KubeEdge edge = eks(known(), this::nobodyAsksEks);
    edge.pod(POD);
    time.pause(Duration.ofMinutes(1));
    API.next(KubeResource.PODS, CannedApi.status(401, "Unauthorized", "Unauthorized"));

    assertThat(edge.pod(POD)).isPresent();

    assertThat(API.tokens()).hasSize(4);
    assertThat(API.tokens().get(3)).isNotEqualTo(API.tokens().get(2));
    assertThat(counter.byRequest()).containsEntry("get pods", 4);
  }

  @Test
  void renewsTheTokenOfAWatchToo() throws Exception {
    KubeEdge edge = eks(known(), this::nobodyAsksEks);
    Reading reading = edge.read(Set.of(Reconciliation.Source.NETWORK_STATUS));
    time.pause(Duration.ofMinutes(1));
    API.next(KubeResource.PODS, CannedApi.status(401, "Unauthorized", "Unauthorized"));
    BlockingQueue<ClusterChange> changes = new LinkedBlockingQueue<>();

    try (Watching watching = edge.watch(reading, changes::add)) {
      API.watch(KubeResource.PODS).emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));

      assertThat(changes.poll(40, TimeUnit.SECONDS)).isInstanceOf(ClusterChange.PodChanged.class);
      assertThat(counter.byRequest()).containsEntry("watch pods", 2);
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void saysThatTheClusterDoesNotKnowTheRole() throws IOException {
    API.always(KubeResource.PODS, CannedApi.status(401, "Unauthorized", "Unauthorized"));
    KubeEdge edge = eks(known(), this::nobodyAsksEks);

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure)
        .hasMessageContaining("cluster core5g does not know the role")
        .hasMessageContaining("access entry");
    assertThat(API.requests()).as("once, and once more").hasSize(2);
  }

  @Test
  void usesAnotherTokenTwentyMinutesLater() throws IOException {
    KubeEdge edge = eks(known(), this::nobodyAsksEks);
    edge.pod(POD);
    time.pause(Duration.ofMinutes(20));
    edge.pod(POD);

    assertThat(Set.copyOf(API.tokens())).hasSize(2);
  }

  @Test
  void asksEksOnceForWhatIsNotKnown() throws IOException {
    KubeEdge edge =
        eks(
            ApiServer.UNKNOWN,
            eksAnswers(
                200,
                "{\"cluster\":{\"name\":\"core5g\",\"status\":\"ACTIVE\",\"endpoint\":\""
                    + API.endpoint()
                    + "\",\"certificateAuthority\":{\"data\":\""
                    + base64(API.certificatePath())
                    + "\"}}}"));

    assertThat(described).as("nothing is asked before the first request").hasValue(0);
    assertThat(edge.pod(POD)).isPresent();
    assertThat(edge.pod(POD)).isPresent();
    assertThat(described).hasValue(1);
  }

  @Test
  void waitsForAClusterThatIsBeingCreated() throws IOException {
    KubeEdge edge =
        eks(
            ApiServer.UNKNOWN,
            eksAnswers(200, "{\"cluster\":{\"name\":\"core5g\",\"status\":\"CREATING\"}}"));

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.NOT_READY);
    assertThat(failure).hasMessageContaining("DescribeCluster on core5g failed: CREATING");
  }

  @Test
  void saysThatThereIsNoSuchCluster() throws IOException {
    KubeEdge edge =
        eks(ApiServer.UNKNOWN, eksAnswers(404, "{\"message\":\"No cluster found: core5g.\"}"));

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.MISSING_DEPENDENCY);
    assertThat(failure).hasMessageContaining("No cluster found: core5g.");
  }

  @Test
  void saysThatDescribeClusterIsNotAllowed() throws IOException {
    KubeEdge edge = eks(ApiServer.UNKNOWN, eksAnswers(403, "{\"message\":\"not authorized\"}"));

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure)
        .hasMessageContaining("AccessDeniedException")
        .hasMessageContaining("allow eks:DescribeCluster");
  }

  private Path kubeconfig(String name, String context, String token) throws IOException {
    return Files.writeString(
        files.resolve(name),
        """
        apiVersion: v1
        kind: Config
        current-context: %s
        contexts:
        - name: lab
          context: {cluster: lab, user: me}
        clusters:
        - name: lab
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: me
          user: {token: %s}
        """
            .formatted(context, API.endpoint(), base64(API.certificatePath()), token));
  }

  private KubeEdge kubeconfig(Path file) {
    KubeClients made = KubeClients.kubeconfig(Optional.of(file), time);
    toClose.add(made);
    return made.edge(counter, Deadline.in(time, Duration.ofHours(1)));
  }

  @Test
  void followsTheCurrentContextOfAKubeconfig() throws IOException {
    KubeEdge edge = kubeconfig(kubeconfig("config", "lab", "t0ken"));

    assertThat(edge.pod(POD)).isPresent();
    assertThat(API.tokens()).containsExactly("Bearer t0ken");
  }

  /** The property stands before the variable KUBECONFIG, and takes the same list of files. */
  private static <T> T withKubeconfigs(String paths, Supplier<T> action) {
    String before = System.getProperty("kubeconfig");
    System.setProperty("kubeconfig", paths);
    try {
      return action.get();
    } finally {
      if (before == null) {
        System.clearProperty("kubeconfig");
      } else {
        System.setProperty("kubeconfig", before);
      }
    }
  }

  @Test
  void putsSeveralKubeconfigsTogetherAndPassesOverMissingOnes() throws IOException {
    Path whole = kubeconfig("whole", "elsewhere", "t0ken");
    Path context = Files.writeString(files.resolve("context"), "current-context: lab\n");
    String paths =
        String.join(
            File.pathSeparator,
            files.resolve("missing").toString(),
            context.toString(),
            whole.toString());

    KubeClients made = withKubeconfigs(paths, () -> KubeClients.kubeconfig(Optional.empty(), time));
    toClose.add(made);
    KubeEdge edge = made.edge(counter, Deadline.in(time, Duration.ofHours(1)));

    assertThat(edge.pod(POD)).isPresent();
    assertThat(API.tokens()).containsExactly("Bearer t0ken");
  }

  @Test
  void saysHowToMakeAKubeconfigWhereThereIsNone() {
    String missing = files.resolve("missing").toString();

    CallFailure failure =
        withKubeconfigs(
            missing,
            () ->
                catchThrowableOfType(
                    CallFailure.class, () -> KubeClients.kubeconfig(Optional.empty(), time)));

    assertThat(failure)
        .hasMessageContaining(missing)
        .hasMessageContaining("aws eks update-kubeconfig");
  }

  @Test
  void namesTheKubeconfigWhoseUserIsNotKnown() throws IOException {
    API.always(KubeResource.PODS, CannedApi.status(401, "Unauthorized", "Unauthorized"));
    Path file = kubeconfig("config", "lab", "old");
    KubeEdge edge = kubeconfig(file);

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure).hasMessageContaining("the user of " + file + ": log in anew");
  }

  private CallFailure failureOf(Path file) {
    return catchThrowableOfType(
        CallFailure.class, () -> KubeClients.kubeconfig(Optional.of(file), time));
  }

  @Test
  void saysThatThereIsNoKubeconfig() {
    CallFailure failure = failureOf(files.resolve("nowhere"));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(failure)
        .hasMessageContaining("read kubeconfig on " + files.resolve("nowhere"))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void saysThatTheContextIsNotDescribed() throws IOException {
    assertThat(failureOf(kubeconfig("config", "elsewhere", "t")).code()).isEqualTo("NoContext");
  }

  @Test
  void saysThatTheContextHasNoServer() throws IOException {
    Path file =
        Files.writeString(
            files.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            current-context: lab
            contexts:
            - name: lab
              context: {cluster: gone, user: me}
            """);

    assertThat(failureOf(file).code()).isEqualTo("NoServer");
  }

  @Test
  void saysThatAFileIsNoKubeconfig() throws IOException {
    Path file = Files.writeString(files.resolve("config"), "- this\n- is: [not\n");

    CallFailure failure = failureOf(file);

    assertThat(failure.code()).isEqualTo("BadKubeconfig");
    assertThat(failure).hasMessageContaining(file.toString());
  }
}
