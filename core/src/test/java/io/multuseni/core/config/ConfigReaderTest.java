// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.ObserveHook;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.config.NodeSetup.BootGate;
import io.multuseni.core.ip.AddressBlock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final String SHORTEST =
      """
      cluster: {name: core5g}
      nodeGroups:
        - name: upf
          autoScalingGroups: [upf-a]
          networks:
            - name: n3
              subnets: [subnet-0a300001]
              securityGroups: [sg-0a300001]
      """;

  @Test
  void theShortestConfigurationGetsTheseDefaults() throws ConfigException {
    assertThat(ConfigReader.readYaml(SHORTEST))
        .isEqualTo(
            new ProvisionerConfig(
                "core5g",
                Duration.ofMinutes(15),
                List.of(
                    new NodeGroup(
                        "upf",
                        new AutoScalingGroups(List.of("upf-a")),
                        new CreateHook(),
                        Duration.ofMinutes(30),
                        Duration.ofHours(1),
                        OnRepeatedFailure.HOLD,
                        false,
                        NodeOs.AL2023,
                        Optional.empty(),
                        List.of(
                            new Network(
                                "n3",
                                List.of("subnet-0a300001"),
                                List.of("sg-0a300001"),
                                false,
                                new AutoIpv6(),
                                PrimaryAddress.ANY,
                                0,
                                new TreeMap<>()))))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{maxReleaseFraction: 0}",
        "{maxReleaseFraction: 1.0}",
        "{releaseGraceSeconds: 0}",
        "{releaseGraceSeconds: 3600}",
        "{periodSeconds: 600}",
        "{watch: true, periodSeconds: 60}",
        "{watch: false, periodSeconds: 86400}",
        "{managedRanges: []}",
        "{managedRanges: [0.0.0.0/0, 10.0.4.7/32]}"
      })
  void theEndsOfTheRangesOfReconciliationAreAllowed(String reconcile) throws ConfigException {
    assertThat(ConfigReader.readYaml("reconcile: " + reconcile + "\n" + SHORTEST).cluster())
        .isEqualTo("core5g");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://0A1B2C.gr7.us-east-1.eks.amazonaws.com",
        "https://10.0.0.1:6443",
        "https://[2001:db8::1]:443/",
        "https://proxy.example/clusters/core5g"
      })
  void anEndpointIsKeptAsItIsWritten(String endpoint) throws ConfigException {
    assertThat(
            ConfigReader.readYaml(
                    SHORTEST.replace("core5g}", "core5g, endpoint: \"" + endpoint + "\"}"))
                .apiServer())
        .isEqualTo(new ApiServer(Optional.of(endpoint), Optional.empty()));
  }

  @Test
  void nothingSaidOfTheDeploymentIsItsDefaults() throws ConfigException {
    ProvisionerConfig config = ConfigReader.readYaml("deployment: {}\n" + SHORTEST);

    assertThat(config.deployment())
        .isEqualTo(
            new Deployment(
                Architecture.ARM64,
                new FunctionSettings(1024, new SuitableConcurrency()),
                new FunctionSettings(1024, new SuitableConcurrency()),
                new FunctionSettings(1024, new SuitableConcurrency()),
                30,
                false,
                false,
                Optional.empty(),
                Duration.ofMinutes(10),
                Optional.empty(),
                new TreeMap<>()));
    assertThat(config.nodeGroups().getFirst().setup())
        .isEqualTo(new NodeSetup(List.of(), Optional.empty(), Optional.empty()));
  }

  @Test
  void everyKeyOfTheDeploymentReachesItsField() throws ConfigException {
    assertThat(
            ConfigReader.readYaml(
                    """
                    deployment:
                      architecture: x86_64
                      attach: {memoryMb: 256, reservedConcurrency: 1000}
                      sweep: {memoryMb: 10240, reservedConcurrency: none}
                      reconcile: {memoryMb: 512, reservedConcurrency: 2}
                      logRetentionDays: 3653
                      tracing: true
                      terminateHook: true
                      alarmTopic: arn:aws-us-gov:sns:us-gov-west-1:111122223333:alarms
                      driftAlarmMinutes: 60
                      vpc:
                        id: vpc-0a000001
                        subnets: [subnet-0a100001, subnet-0a100002]
                        securityGroups: [sg-0a100001]
                        endpoints: true
                      subnetZones: {subnet-0a100001: us-east-1a, subnet-0a100002: us-west-2-lax-1a}
                    """
                        + SHORTEST)
                .deployment())
        .isEqualTo(
            new Deployment(
                Architecture.X86_64,
                new FunctionSettings(256, new ReservedConcurrency(1000)),
                new FunctionSettings(10_240, new UnreservedConcurrency()),
                new FunctionSettings(512, new ReservedConcurrency(2)),
                3653,
                true,
                true,
                Optional.of("arn:aws-us-gov:sns:us-gov-west-1:111122223333:alarms"),
                Duration.ofHours(1),
                Optional.of(
                    new VpcSettings(
                        Optional.of("vpc-0a000001"),
                        List.of("subnet-0a100001", "subnet-0a100002"),
                        List.of("sg-0a100001"),
                        true)),
                new TreeMap<>(
                    Map.of(
                        "subnet-0a100001", "us-east-1a", "subnet-0a100002", "us-west-2-lax-1a"))));
  }

  @Test
  void oneRunAtATimeIsEnoughForWhoDoesNotWatch() throws ConfigException {
    assertThat(
            ConfigReader.readYaml(
                    "reconcile: {watch: false}\n"
                        + "deployment: {reconcile: {reservedConcurrency: 1}}\n"
                        + SHORTEST)
                .deployment()
                .reconcile()
                .concurrency())
        .isEqualTo(new ReservedConcurrency(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "us-east-1a",
        "eu-central-2c",
        "us-gov-west-1b",
        "eusc-de-east-1a",
        "us-west-2-lax-1a",
        "us-east-1-wl1-bos-wlz-1"
      })
  void zonesOfEveryKindAreKnown(String zone) throws ConfigException {
    assertThat(setup("zones: [" + zone + "]").zones()).containsExactly(zone);
  }

  @Test
  void theBootGateIsAFlagOrAnObject() throws ConfigException {
    assertThat(setup("bootGate: false").bootGate()).isEmpty();
    assertThat(setup("bootGate: true").bootGate())
        .contains(new BootGate(Duration.ofMinutes(15), OptionalInt.empty()));
    assertThat(setup("bootGate: {}").bootGate()).contains(BootGate.DEFAULTS);
    assertThat(setup("bootGate: {waitSeconds: 60, maxPods: 737}").bootGate())
        .contains(new BootGate(Duration.ofMinutes(1), OptionalInt.of(737)));
  }

  @Test
  void aLaunchedGroupNeedsLittle() throws ConfigException {
    assertThat(
            setup(
                    """
                    launch:
                          instanceType: m5.xlarge
                          kubernetesVersion: "1.33"
                          subnets: [subnet-0a100001]
                          securityGroups: [sg-0a100001]
                          serviceCidr: 10.100.0.0/16
                          maxSize: 3\
                    """)
                .launch())
        .contains(
            new NodeLaunch(
                "m5.xlarge",
                "1.33",
                List.of("subnet-0a100001"),
                List.of("sg-0a100001"),
                "10.100.0.0/16",
                0,
                3,
                OptionalInt.empty(),
                80));
  }

  @Test
  void everyKeyOfALaunchedGroupReachesItsField() throws ConfigException {
    assertThat(
            setup(
                    """
                    launch:
                          instanceType: u7in-16tb.224xlarge
                          kubernetesVersion: "1.34"
                          subnets: [subnet-0a100001]
                          securityGroups: [sg-0a100001, sg-0a100002]
                          serviceCidr: "fd12:3456:789a::/108"
                          minSize: 1
                          maxSize: 1000
                          desiredSize: 2
                          volumeGib: 16384\
                    """)
                .launch())
        .contains(
            new NodeLaunch(
                "u7in-16tb.224xlarge",
                "1.34",
                List.of("subnet-0a100001"),
                List.of("sg-0a100001", "sg-0a100002"),
                "fd12:3456:789a::/108",
                1,
                1000,
                OptionalInt.of(2),
                16_384));
  }

  @Test
  void functionsAreNotToldHowTheyAndNodesAreDeployed() throws ConfigException {
    ProvisionerConfig config =
        ConfigReader.readYaml(
            """
            deployment: {tracing: true, attach: {memoryMb: 512}, subnetZones: {subnet-0a300001: us-east-1a}}
            reconcile: {periodSeconds: 120}
            """
                + SHORTEST.replace(
                    "autoScalingGroups:",
                    "lifecycleHook: observe\n    bootGate: true\n    zones: [us-east-1a]\n    autoScalingGroups:"));

    ProvisionerConfig forFunctions = config.forFunctions();

    assertThat(forFunctions)
        .isEqualTo(
            ConfigReader.readYaml(
                "reconcile: {periodSeconds: 120}\n"
                    + SHORTEST.replace(
                        "autoScalingGroups:",
                        "lifecycleHook: observe\n    bootGate: true\n    autoScalingGroups:")));
    // What they read has passed the same validator.
    assertThat(ConfigReader.readJson(ConfigWriter.toJson(forFunctions))).isEqualTo(forFunctions);
  }

  @Test
  void aManagedNodeGroupGivesUpBeforeEksDoes() throws ConfigException {
    NodeGroup group =
        onlyGroup(SHORTEST.replace("autoScalingGroups: [upf-a]", "eksManagedNodegroup: upf"));

    assertThat(group.membership()).isEqualTo(new EksManagedNodegroup("upf"));
    assertThat(group.giveUpAfter()).hasSeconds(840);
  }

  @Test
  void everyKeyReachesItsField() throws ConfigException {
    ProvisionerConfig config =
        ConfigReader.readYaml(
            """
            cluster:
              name: core5g
              endpoint: https://0A1B2C.gr7.us-east-1.eks.amazonaws.com
              certificateAuthority: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
            sweep: {graceSeconds: 120}
            reconcile:
              sources: [network-status, whereabouts]
              maxReleaseFraction: 0.25
              releaseGraceSeconds: 120
              watch: false
              periodSeconds: 900
              managedRanges: [10.0.4.0/25, "2001:db8::/64"]
            nodeGroups:
              - name: upf
                autoScalingGroups: [upf-b, upf-a]
                lifecycleHook: existing:team/hook_1
                heartbeatTimeout: 7200
                giveUpAfter: 172800
                onRepeatedFailure: abandon
                backfill: true
                nodeOs: al2
                pciBase: 0000:27:00.0
                networks:
                  - name: n6
                    subnets: [subnet-0a60000000000000b, subnet-0a60000000000000a]
                    securityGroups: [sg-0a600000000000002, sg-0a600000000000001]
                    sourceDestCheck: true
                    ipv6: 3
                    primaryAddress: first-free
                    networkCardIndex: 1
                    tags: {cnf: upf, "team": ""}
            """);

    assertThat(config)
        .isEqualTo(
            new ProvisionerConfig(
                "core5g",
                new ApiServer(
                    Optional.of("https://0A1B2C.gr7.us-east-1.eks.amazonaws.com"),
                    Optional.of("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==")),
                Duration.ofMinutes(2),
                new Reconciliation(
                    Set.of(Reconciliation.Source.WHEREABOUTS, Reconciliation.Source.NETWORK_STATUS),
                    0.25,
                    Duration.ofMinutes(2),
                    false,
                    Duration.ofMinutes(15),
                    List.of(AddressBlock.of("10.0.4.0/25"), AddressBlock.of("2001:db8::/64"))),
                List.of(
                    new NodeGroup(
                        "upf",
                        new AutoScalingGroups(List.of("upf-b", "upf-a")),
                        new ExistingHook("team/hook_1"),
                        Duration.ofHours(2),
                        Duration.ofDays(2),
                        OnRepeatedFailure.ABANDON,
                        true,
                        NodeOs.AL2,
                        Optional.of("0000:27:00.0"),
                        List.of(
                            new Network(
                                "n6",
                                List.of("subnet-0a60000000000000b", "subnet-0a60000000000000a"),
                                List.of("sg-0a600000000000002", "sg-0a600000000000001"),
                                true,
                                new CountedIpv6(3),
                                PrimaryAddress.FIRST_FREE,
                                1,
                                new TreeMap<>(Map.of("cnf", "upf", "team", ""))))))));
  }

  @Test
  void jsonHasTheSameSchema() throws ConfigException {
    assertThat(
            ConfigReader.readJson(
                """
                {"cluster": {"name": "core5g"}, "nodeGroups": [{"name": "upf",
                 "autoScalingGroups": ["upf-a"], "networks": [{"name": "n3",
                 "subnets": ["subnet-0a300001"], "securityGroups": ["sg-0a300001"]}]}]}
                """))
        .isEqualTo(ConfigReader.readYaml(SHORTEST));
  }

  @Test
  void theOrderOfNetworksIsKeptAsWritten() throws ConfigException {
    String common = "subnets: [subnet-0a300001], securityGroups: [sg-0a300001]";
    NodeGroup group =
        onlyGroup(
            SHORTEST.replace("n3", "n6")
                + "      - {name: n4, %s}\n      - {name: n5, %s}\n".formatted(common, common));

    assertThat(group.networks()).extracting(Network::name).containsExactly("n6", "n4", "n5");
  }

  @Test
  void theHookIsOneOfThreeForms() throws ConfigException {
    assertThat(hook("create")).isEqualTo(new CreateHook());
    assertThat(hook("observe\n    bootGate: true")).isEqualTo(new ObserveHook());
    assertThat(hook("existing:warm-up")).isEqualTo(new ExistingHook("warm-up"));
  }

  @Test
  void ipv6IsAutoOrNoneOrACount() throws ConfigException {
    assertThat(ipv6("auto")).isEqualTo(new AutoIpv6());
    assertThat(ipv6("none")).isEqualTo(new CountedIpv6(0));
    assertThat(ipv6("0")).isEqualTo(new CountedIpv6(0));
    assertThat(ipv6("64")).isEqualTo(new CountedIpv6(64));
  }

  @Test
  void whoOnlyObservesMayHaveAnyHeartbeatTimeout() throws ConfigException {
    NodeGroup group =
        onlyGroup(
            SHORTEST.replace(
                "autoScalingGroups:",
                "lifecycleHook: observe\n    bootGate: true\n    heartbeatTimeout: 30\n    autoScalingGroups:"));

    assertThat(group.heartbeatTimeout()).hasSeconds(30);
  }

  @Test
  void twentyThreeNetworksFitBesideThePrimaryInterface() throws ConfigException {
    StringBuilder text = new StringBuilder(SHORTEST);
    for (int i = 1; i < 23; i++) {
      text.append("      - {name: m").append(i);
      text.append(", subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}\n");
    }

    assertThat(onlyGroup(text.toString()).networks()).hasSize(23);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "# nothing but a comment\n", "---\n"})
  void anEmptyTextIsOneProblem(String text) {
    ConfigException exception =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.readYaml(text));

    assertThat(exception.problems())
        .singleElement()
        .extracting(ConfigProblem::path)
        .isEqualTo("(top level)");
  }

  @Test
  void brokenYamlIsOneProblemWithLineAndColumn() {
    assertThat(yamlProblems("cluster: {name: core5g\nnodeGroups: [\n"))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.path()).matches("line \\d+, column \\d+");
          assertThat(problem.problem()).startsWith("can't be read: ");
        });
  }

  @Test
  void brokenJsonIsOneProblemWithLineAndColumn() {
    ConfigException exception =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigReader.readJson("{\"cluster\":\n  oops}"));

    assertThat(exception.problems())
        .singleElement()
        .extracting(ConfigProblem::path)
        .asString()
        .startsWith("line 2, column ");
  }

  @Test
  void aKeyWrittenTwiceIsAProblemInYamlAndJson() {
    assertThat(yamlProblems(SHORTEST + "cluster: {name: other}\n"))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.path()).startsWith("line 9, column ");
          assertThat(problem.problem()).contains("cluster");
        });
    ConfigException exception =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigReader.readJson("{\"cluster\":1,\"cluster\":2}"));
    assertThat(exception.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.problem()).contains("cluster"));
  }

  @Test
  void aSecondDocumentIsAProblem() {
    assertThat(yamlProblems(SHORTEST + "---\n" + SHORTEST)).hasSize(1);
  }

  @Test
  void anAliasIsRefusedAndNotTakenForText() {
    assertThat(
            yamlProblems(
                SHORTEST
                    .replace("[subnet-0a300001]", "&lan [subnet-0a300001]")
                    .replace("[sg-0a300001]", "*lan")))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.path()).startsWith("line 8, column ");
          assertThat(problem.problem()).contains("the alias *lan");
        });
  }

  @Test
  void threeMistakesAreReportedTogether() {
    String text =
        SHORTEST
            .replace("networks:", "netwroks:")
            .replace("core5g", "5g core")
            .replace("autoScalingGroups: [upf-a]", "autoScalingGroups: []");

    ConfigException exception =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.readYaml(text));

    assertThat(exception)
        .hasMessage(
            """
            the configuration has 3 problems:
              cluster.name: '5g core' is not an EKS cluster's name; use 1 to 100 letters, digits, - \
            and _, with a letter or digit first
              nodeGroups[0].netwroks: unknown key; did you mean 'networks'?
              nodeGroups[0].autoScalingGroups: empty list; name at least one of the Auto Scaling \
            groups\
            """);
  }

  private static List<ConfigProblem> yamlProblems(String text) {
    ConfigException exception =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.readYaml(text));
    assertThat(exception).isNotNull();
    return exception.problems();
  }

  private static NodeGroup onlyGroup(String yaml) throws ConfigException {
    return ConfigReader.readYaml(yaml).nodeGroups().getFirst();
  }

  private static NodeSetup setup(String keys) throws ConfigException {
    return onlyGroup(SHORTEST.replace("autoScalingGroups:", keys + "\n    autoScalingGroups:"))
        .setup();
  }

  private static LifecycleHook hook(String text) throws ConfigException {
    return onlyGroup(
            SHORTEST.replace(
                "autoScalingGroups:", "lifecycleHook: " + text + "\n    autoScalingGroups:"))
        .lifecycleHook();
  }

  private static Ipv6 ipv6(String text) throws ConfigException {
    return onlyGroup(SHORTEST + "        ipv6: " + text + "\n").networks().getFirst().ipv6();
  }
}
