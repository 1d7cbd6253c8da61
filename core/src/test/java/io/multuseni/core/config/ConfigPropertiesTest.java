// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.Deployment.Architecture;
import io.multuseni.core.config.Deployment.FunctionSettings;
import io.multuseni.core.config.Deployment.ReservedConcurrency;
import io.multuseni.core.config.Deployment.SuitableConcurrency;
import io.multuseni.core.config.Deployment.UnreservedConcurrency;
import io.multuseni.core.config.Deployment.VpcSettings;
import io.multuseni.core.config.Network.AutoIpv6;
import io.multuseni.core.config.Network.CountedIpv6;
import io.multuseni.core.config.Network.Ipv6;
import io.multuseni.core.config.Network.PrimaryAddress;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.NodeGroup.ExistingHook;
import io.multuseni.core.config.NodeGroup.LifecycleHook;
import io.multuseni.core.config.NodeGroup.Membership;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.ObserveHook;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.config.NodeSetup.BootGate;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.ip.IpAddress.Family;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigPropertiesTest {
  private static final String GOOD =
      """
      cluster: {name: core5g}
      sweep: {graceSeconds: 900}
      reconcile: {maxReleaseFraction: 0.25, sources: [whereabouts], managedRanges: ["10.0.4.0/24"]}
      nodeGroups:
        - name: upf
          autoScalingGroups: [upf-a, "upf-b"]
          lifecycleHook: 'existing:x'
          giveUpAfter: 3600
          pciBase: 0000:00:05.0
          networks:
            - name: n3
              subnets: &lan [subnet-0a300001]
              securityGroups:
                - sg-0a300001
              ipv6: 2
              tags: {cnf: upf}
      """;

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenReadsBackEqual(@ForAll("configs") ProvisionerConfig config)
      throws ConfigException {
    String json = ConfigWriter.toJson(config);

    assertThat(ConfigReader.readJson(json)).isEqualTo(config);
    // JSON is YAML too.
    assertThat(ConfigReader.readYaml(json)).isEqualTo(config);
  }

  @Property(tries = 300)
  void anyTextIsAConfigurationOrHasProblems(@ForAll String text) {
    readsOrExplains(text);
  }

  @Property(tries = 600)
  void aDamagedFileIsAConfigurationOrHasProblems(
      @ForAll("positions") int from, @ForAll("snippets") String put, @ForAll("lengths") int cut) {
    int to = Math.min(GOOD.length(), from + cut);
    readsOrExplains(GOOD.substring(0, from) + put + GOOD.substring(to));
  }

  @Property(tries = 400)
  void anyTreeOfKnownKeysIsAConfigurationOrHasProblems(@ForAll("trees") Object tree)
      throws JsonProcessingException {
    readsOrExplains(new ObjectMapper().writeValueAsString(tree));
  }

  @ParameterizedTest
  @MethodSource("traps")
  void textThatIsMadeToBreakReadersHasProblems(String text) {
    readsOrExplains(text);
  }

  static Stream<String> traps() {
    return Stream.of(
        "[".repeat(50_000),
        "{\"a\":".repeat(50_000),
        "a: ".repeat(5_000),
        "- ".repeat(5_000),
        "sweep: {graceSeconds: " + "9".repeat(5_000) + "}",
        "{\"sweep\":{\"graceSeconds\":1e999999999}}",
        "sweep: {graceSeconds: 0x" + "f".repeat(5_000) + "}",
        "? [a, b]\n: c",
        "&a [*a]",
        "!!java.lang.Object {}",
        "!!binary ????",
        "%YAML 9.9\n---\na: b",
        "\u0000",
        "\ufeffcluster: {}");
  }

  private static void readsOrExplains(String text) {
    try {
      assertThat(ConfigReader.readYaml(text).nodeGroups()).isNotEmpty();
    } catch (ConfigException e) {
      explained(e);
    }
    try {
      assertThat(ConfigReader.readJson(text).nodeGroups()).isNotEmpty();
    } catch (ConfigException e) {
      explained(e);
    }
  }

  private static void explained(ConfigException e) {
    assertThat(e.problems())
        .isNotEmpty()
        .allSatisfy(problem -> {
          assertThat(problem.path()).isNotBlank();
          assertThat(problem.problem()).isNotBlank();
          assertThat(problem.remedy()).isNotBlank();
          assertThat(problem.toString()).hasSizeLessThan(1_000).doesNotContain("\n");
        });
  }

  @Provide
  Arbitrary<Integer> positions() {
    return Arbitraries.integers().between(0, GOOD.length());
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.integers().between(0, 12);
  }

  @Provide
  Arbitrary<String> snippets() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "",
            " ",
            "\n",
            "\t",
            "-",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "'",
            "\"",
            "*lan",
            "&a ",
            "!!int ",
            "!!binary ",
            "!!float ",
            "!x ",
            "<<: ",
            "? ",
            "| ",
            "> ",
            "%",
            "@",
            "---\n",
            "...\n",
            "0x",
            "0b1",
            "1e400",
            ".nan",
            ".inf",
            "-.inf",
            "12:30:45",
            "1_000",
            "+1",
            "~",
            "null"),
        Arbitraries.strings().ofMaxLength(4));
  }

  @Provide
  Arbitrary<Object> trees() {
    Arbitrary<Object> leaves =
        Arbitraries.of(
            "upf",
            "create",
            "observe",
            "existing:a",
            "auto",
            "none",
            "subnet-0a300001",
            "sg-0a300001",
            "",
            "0000:00:05.0",
            "whereabouts",
            "https://k.example",
            "10.0.4.0/24",
            "10.0.4.1/24",
            "2001:db8::/64",
            "us-east-1a",
            "m5.xlarge",
            "vpc-0a000001",
            0,
            1,
            -1,
            900,
            1800,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            0.5,
            true,
            false,
            new ArrayList<>(),
            new TreeMap<>());
    Arbitrary<String> keys =
        Arbitraries.of(
            "cluster",
            "name",
            "sweep",
            "graceSeconds",
            "endpoint",
            "certificateAuthority",
            "reconcile",
            "sources",
            "maxReleaseFraction",
            "releaseGraceSeconds",
            "watch",
            "periodSeconds",
            "managedRanges",
            "nodeGroups",
            "autoScalingGroups",
            "eksManagedNodegroup",
            "lifecycleHook",
            "heartbeatTimeout",
            "giveUpAfter",
            "backfill",
            "networks",
            "subnets",
            "securityGroups",
            "ipv6",
            "networkCardIndex",
            "tags",
            "pciBase",
            "deployment",
            "attach",
            "memoryMb",
            "reservedConcurrency",
            "logRetentionDays",
            "alarmTopic",
            "vpc",
            "id",
            "endpoints",
            "subnetZones",
            "zones",
            "bootGate",
            "waitSeconds",
            "launch",
            "instanceType",
            "serviceCidr",
            "maxSize",
            "other");
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                Arbitraries.maps(keys, inner).ofMaxSize(8).map(Object.class::cast),
                inner.list().ofMaxSize(3).map(Object.class::cast)),
        0,
        4);
  }

  /** No combination takes more than eight. */
  private record BaseAndSetup(Optional<String> base, NodeSetup setup) {}

  @Provide
  Arbitrary<ProvisionerConfig> configs() {
    return Combinators.combine(
            name(),
            apiServer(),
            seconds(60, 86_400),
            reconciliation(),
            deployment(),
            nodeGroup().list().ofMinSize(1).ofMaxSize(3))
        .as((cluster, apiServer, grace, reconciliation, deployment, groups) ->
            new ProvisionerConfig(
                cluster, apiServer, grace, reconciliation, deployment, distinctGroups(groups)));
  }

  private static Arbitrary<ApiServer> apiServer() {
    return Combinators.combine(
            Arbitraries.of("https://k.example", "https://[2001:db8::1]:6443/base").optional(),
            Arbitraries.strings().ascii().ofMaxLength(40).optional())
        .as((endpoint, body) ->
            new ApiServer(
                endpoint,
                body.map(text ->
                    Base64.getEncoder()
                        .encodeToString(
                            ("-----BEGIN CERTIFICATE-----" + text).getBytes(US_ASCII)))));
  }

  private static Arbitrary<Reconciliation> reconciliation() {
    Arbitrary<AddressBlock> blocks =
        Arbitraries.oneOf(
            Combinators.combine(
                    Arbitraries.longs().between(0, 0xffff_ffffL),
                    Arbitraries.integers().between(0, 32))
                .as((low, prefix) -> new AddressBlock(new IpAddress(Family.IPV4, 0, low), prefix)),
            Combinators.combine(
                    Arbitraries.longs(),
                    Arbitraries.longs(),
                    Arbitraries.integers().between(0, 128))
                .as((high, low, prefix) ->
                    new AddressBlock(new IpAddress(Family.IPV6, high, low), prefix)));
    return Combinators.combine(
            Arbitraries.of(Reconciliation.Source.class).set().ofMinSize(1),
            Arbitraries.doubles().between(0, 1),
            seconds(0, 3_600),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 1_440),
            blocks.list().uniqueElements().ofMaxSize(3))
        .as((sources, fraction, grace, watch, minutes, ranges) ->
            new Reconciliation(
                sources,
                fraction,
                grace,
                watch,
                Duration.ofMinutes(watch ? Math.min(minutes, 10) : minutes),
                ranges));
  }

  private static Arbitrary<Deployment> deployment() {
    return Combinators.combine(
            Arbitraries.of(Architecture.class),
            functions().list().ofSize(3),
            Arbitraries.of(1, 14, 30, 3_653),
            Arbitraries.of(true, false).list().ofSize(2),
            Arbitraries.of("arn:aws:sns:us-east-1:111122223333:alarms").optional(),
            Arbitraries.integers().between(1, 60).map(Duration::ofMinutes),
            vpc().optional(),
            Arbitraries.maps(
                    ids("subnet-").map(List::getFirst), Arbitraries.of("us-east-1a", "us-east-1b"))
                .ofMaxSize(2))
        .as((architecture, functions, days, flags, topic, drift, vpc, zones) ->
            new Deployment(
                architecture,
                functions.get(0),
                // The sweep runs once at a time.
                new FunctionSettings(
                    functions.get(1).memoryMb(),
                    functions.get(1).concurrency() instanceof ReservedConcurrency
                        ? new ReservedConcurrency(1)
                        : functions.get(1).concurrency()),
                functions.get(2),
                days,
                flags.getFirst(),
                flags.getLast(),
                topic,
                drift,
                vpc,
                new TreeMap<>(zones)));
  }

  private static Arbitrary<FunctionSettings> functions() {
    return Combinators.combine(
            Arbitraries.integers().between(256, 10_240),
            Arbitraries.oneOf(
                Arbitraries.of(new SuitableConcurrency(), new UnreservedConcurrency()),
                // One alone is too few for a function that watches.
                Arbitraries.integers().between(2, 1_000).map(ReservedConcurrency::new)))
        .as(FunctionSettings::new);
  }

  private static Arbitrary<VpcSettings> vpc() {
    return Combinators.combine(
            Arbitraries.of("vpc-0a000001").optional(),
            ids("subnet-"),
            ids("sg-"),
            Arbitraries.of(true, false))
        .as((id, subnets, groups, endpoints) ->
            new VpcSettings(id, subnets, groups, endpoints && id.isPresent()));
  }

  private static Arbitrary<NodeSetup> setup() {
    Arbitrary<BootGate> gate =
        Combinators.combine(seconds(60, 7_200), Arbitraries.integers().between(1, 737).optional())
            .as((patience, pods) ->
                new BootGate(patience, pods.map(OptionalInt::of).orElseGet(OptionalInt::empty)));
    Arbitrary<NodeLaunch> launch =
        Combinators.combine(
                ids("subnet-"),
                ids("sg-"),
                Arbitraries.integers().between(0, 1_000).list().ofSize(3),
                Arbitraries.integers().between(20, 16_384))
            .as((subnets, groups, sizes, volume) -> {
              List<Integer> sorted = sizes.stream().sorted().toList();
              return new NodeLaunch(
                  "m5.xlarge",
                  "1.33",
                  subnets,
                  groups,
                  "10.100.0.0/16",
                  sorted.getFirst(),
                  Math.max(1, sorted.getLast()),
                  OptionalInt.of(sorted.get(1)),
                  volume);
            });
    return Combinators.combine(
            Arbitraries.of("us-east-1a", "us-west-2-lax-1a").list().uniqueElements().ofMaxSize(2),
            gate.optional(),
            launch.optional())
        .as(NodeSetup::new);
  }

  /** What fits the other keys of the group. */
  private static NodeSetup fitting(NodeSetup setup, int groups, LifecycleHook hook, NodeOs os) {
    boolean launches = groups == 1 && hook instanceof CreateHook && os == NodeOs.AL2023;
    return new NodeSetup(
        setup.zones(),
        hook instanceof ObserveHook
            ? Optional.of(setup.bootGate().orElse(BootGate.DEFAULTS))
            : setup.bootGate(),
        setup.launch().filter(_ -> launches));
  }

  private static Arbitrary<NodeGroup> nodeGroup() {
    Arbitrary<LifecycleHook> hooks =
        Arbitraries.oneOf(
            Arbitraries.just(new CreateHook()),
            Arbitraries.just(new ObserveHook()),
            name().map(ExistingHook::new));
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            hooks,
            seconds(1_728, 7_200),
            seconds(121, 900),
            Arbitraries.of(OnRepeatedFailure.class),
            Arbitraries.of(NodeOs.class),
            Combinators.combine(Arbitraries.of("0000:00:05.0", "0000:27:00.0").optional(), setup())
                .as(BaseAndSetup::new),
            network().list().ofMinSize(1).ofMaxSize(5))
        .as((groups, hook, heartbeat, giveUp, onFailure, os, more, networks) ->
            new NodeGroup(
                "group",
                membership(groups),
                hook,
                heartbeat,
                giveUp,
                onFailure,
                groups % 2 == 0,
                os,
                more.base(),
                fitting(more.setup(), groups, hook, os),
                distinctNetworks(networks)));
  }

  private static Arbitrary<Network> network() {
    Arbitrary<Ipv6> ipv6 =
        Arbitraries.oneOf(
            Arbitraries.just(new AutoIpv6()),
            Arbitraries.integers().between(0, 64).map(CountedIpv6::new));
    Arbitrary<Map<String, String>> tags =
        Arbitraries.maps(
                Arbitraries.strings().ofMinLength(1).ofMaxLength(12).filter(k -> free(k)),
                Arbitraries.strings().ofMaxLength(12).filter(ConfigPropertiesTest::isWellFormed))
            .ofMaxSize(3);
    return Combinators.combine(
            ids("subnet-"),
            ids("sg-"),
            Arbitraries.of(true, false),
            ipv6,
            Arbitraries.of(PrimaryAddress.class),
            Arbitraries.integers().between(0, 3),
            tags)
        .as((subnets, groups, check, addresses, primary, card, free) ->
            new Network(
                "network", subnets, groups, check, addresses, primary, card, new TreeMap<>(free)));
  }

  private static Arbitrary<List<String>> ids(String prefix) {
    return Arbitraries.strings()
        .withChars("0123456789abcdef")
        .ofLength(17)
        .map(digits -> prefix + digits)
        .list()
        .uniqueElements()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  private static Arbitrary<String> name() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('0', '9')
        .ofMinLength(1)
        .ofMaxLength(20);
  }

  private static Arbitrary<Duration> seconds(int from, int to) {
    return Arbitraries.integers().between(from, to).map(Duration::ofSeconds);
  }

  private static boolean free(String key) {
    return Tags.reserved(key).isEmpty() && isWellFormed(key);
  }

  /**
   * Half a surrogate pair is no text, YAML takes no control characters, and the separators that
   * JSON writes as they are end a line there.
   */
  private static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(c ->
            Character.isISOControl(c)
                || Character.getType(c) == Character.SURROGATE
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                || !Character.isDefined(c)
                || c == 0xfeff);
  }

  private static Membership membership(int groups) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      names.add("asg!" + i);
    }
    return groups == 0 ? new EksManagedNodegroup("managed") : new AutoScalingGroups(names);
  }

  private static List<NodeGroup> distinctGroups(List<NodeGroup> groups) {
    List<NodeGroup> distinct = new ArrayList<>();
    for (NodeGroup group : groups) {
      String suffix = "-" + distinct.size();
      Membership membership =
          switch (group.membership()) {
            case EksManagedNodegroup managed ->
                new EksManagedNodegroup(managed.nodegroup() + suffix);
            case AutoScalingGroups named ->
                new AutoScalingGroups(named.names().stream().map(name -> name + suffix).toList());
          };
      distinct.add(
          new NodeGroup(
              group.name() + suffix,
              membership,
              group.lifecycleHook(),
              group.heartbeatTimeout(),
              group.giveUpAfter(),
              group.onRepeatedFailure(),
              group.backfill(),
              group.nodeOs(),
              group.pciBase(),
              group.setup(),
              group.networks()));
    }
    return distinct;
  }

  private static List<Network> distinctNetworks(List<Network> networks) {
    List<Network> distinct = new ArrayList<>();
    for (Network network : networks) {
      distinct.add(
          new Network(
              network.name() + distinct.size(),
              network.subnets(),
              network.securityGroups(),
              network.sourceDestCheck(),
              network.ipv6(),
              network.primaryAddress(),
              network.networkCardIndex(),
              network.tags()));
    }
    return distinct;
  }
}
