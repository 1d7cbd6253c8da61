// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of mistake alone, put into a configuration that is right otherwise. */
class ConfigProblemsTest {
  private static final String GOOD =
      """
      cluster: {name: core5g}
      sweep: {graceSeconds: 900}
      nodeGroups:
        - name: upf
          autoScalingGroups: [upf-a, upf-b]
          lifecycleHook: create
          networks:
            - name: n3
              subnets: [subnet-0a300001, subnet-0a300002]
              securityGroups: [sg-0a300001]
              tags: {cnf: upf}
            - name: n6
              subnets: [subnet-0a300001]
              securityGroups: [sg-0a600001]
        - name: cp
          eksManagedNodegroup: cp
          networks:
            - name: n2
              subnets: [subnet-0a200001]
              securityGroups: [sg-0a200001]
      """;

  private static final String N3 = "nodeGroups[0].networks[0]";

  @Test
  void theConfigurationAroundTheMistakesIsRight() throws ConfigException {
    assertThat(ConfigReader.readYaml(GOOD).nodeGroups()).hasSize(2);
  }

  @ParameterizedTest(name = "{2}: {3}")
  @MethodSource({
    "keys",
    "types",
    "names",
    "memberships",
    "hooks",
    "times",
    "networks",
    "tags",
    "apiServers",
    "reconciliations",
    "deployments",
    "setups",
    "launches"
  })
  void eachMistakeIsReportedAtItsPath(String right, String wrong, String path, String problem) {
    assertThat(GOOD).contains(right);
    ConfigException exception =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigReader.readYaml(
                    GOOD.replaceFirst(Pattern.quote(right), Matcher.quoteReplacement(wrong))));

    assertThat(exception).isNotNull();
    assertThat(exception.problems())
        .singleElement()
        .satisfies(found -> {
          assertThat(found.path()).isEqualTo(path);
          assertThat(found.problem() + "; " + found.remedy()).contains(problem);
          assertThat(found.remedy()).isNotBlank();
        });
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        arguments(
            "cluster: {name: core5g}",
            "clutser: {name: core5g}",
            "clutser",
            "did you mean 'cluster'?"),
        arguments("cluster: {name: core5g}", "", "cluster", "missing"),
        arguments(
            "{name: core5g}",
            "{name: core5g, region: x}",
            "cluster.region",
            "the keys here are name"),
        arguments("{name: core5g}", "{}", "cluster.name", "missing"),
        arguments("graceSeconds", "grace", "sweep.grace", "the keys here are graceSeconds"),
        arguments(
            "graceSeconds", "graceSecond", "sweep.graceSecond", "did you mean 'graceSeconds'?"),
        arguments("- name: upf\n    auto", "- auto", "nodeGroups[0].name", "missing"),
        arguments("name: upf\n", "Name: upf\n", "nodeGroups[0].Name", "did you mean 'name'?"),
        arguments(
            "lifecycleHook",
            "lifecyclehook",
            "nodeGroups[0].lifecyclehook",
            "did you mean 'lifecycleHook'?"),
        arguments("- name: n3\n        sub", "- sub", N3 + ".name", "missing"),
        arguments("subnets", "subnet", N3 + ".subnet", "did you mean 'subnets'?"),
        arguments("        securityGroups: [sg-0a300001]\n", "", N3 + ".securityGroups", "missing"),
        arguments(
            "tags: {cnf: upf}", "tag.s: {cnf: upf}", N3 + "['tag.s']", "did you mean 'tags'?"),
        arguments("tags: {cnf: upf}", "\"\\u0007\": 1", N3 + "['?']", "unknown key"));
  }

  static Stream<Arguments> types() {
    return Stream.of(
        arguments(
            "{name: core5g}",
            "core5g",
            "cluster",
            "the text 'core5g' where an object with the keys name, endpoint, certificateAuthority belongs"),
        arguments("{name: core5g}", "", "cluster", "no value where an object"),
        arguments(
            "name: core5g",
            "name: 5",
            "cluster.name",
            "the number 5 where text belongs; put it in quotes"),
        arguments(
            "name: core5g",
            "name: true",
            "cluster.name",
            "the value true where text belongs; put it in quotes"),
        arguments("name: core5g", "name: [a]", "cluster.name", "a list where text belongs"),
        arguments(
            "name: core5g", "name: ", "cluster.name", "no value where text belongs; write text"),
        arguments("{graceSeconds: 900}", "900", "sweep", "the number 900 where an object"),
        arguments(
            "900",
            "\"900\"",
            "sweep.graceSeconds",
            "the text '900' where a whole number from 60 to 86400 belongs"),
        arguments("900", "900.5", "sweep.graceSeconds", "the number 900.5 where a whole number"),
        arguments("900", "99999999999999999999", "sweep.graceSeconds", "out of range"),
        arguments(
            "[upf-a, upf-b]",
            "upf-a",
            "nodeGroups[0].autoScalingGroups",
            "the text 'upf-a' where a list of Auto Scaling groups belongs"),
        arguments(
            "[upf-a, upf-b]",
            "[upf-a, 7]",
            "nodeGroups[0].autoScalingGroups[1]",
            "the number 7 where text belongs"),
        arguments(
            "[upf-a, upf-b]",
            "[upf-a, ]\n    backfill: yes",
            "nodeGroups[0].backfill",
            "the text 'yes' where true or false belongs"),
        arguments(
            "create",
            "{existing: x}",
            "nodeGroups[0].lifecycleHook",
            "an object where text belongs"),
        arguments("[sg-0a300001]", "{a: b}", N3 + ".securityGroups", "an object where a list"),
        arguments(
            "tags: {cnf: upf}",
            "tags: [cnf]",
            N3 + ".tags",
            "a list where an object of keys and texts belongs"),
        arguments(
            "cnf: upf",
            "cnf: 1",
            N3 + ".tags.cnf",
            "the number 1 where text belongs; put it in quotes"),
        arguments(
            "tags: {cnf: upf}",
            "sourceDestCheck: 0",
            N3 + ".sourceDestCheck",
            "the number 0 where true or false"),
        arguments("tags: {cnf: upf}", "ipv6: true", N3 + ".ipv6", "the value true where text"));
  }

  static Stream<Arguments> names() {
    return Stream.of(
        arguments("core5g", "-core", "cluster.name", "'-core' is not an EKS cluster's name"),
        arguments("core5g", "c".repeat(101), "cluster.name", "is not an EKS cluster's name"),
        arguments("core5g", "\"\"", "cluster.name", "'' is not"),
        arguments(
            "name: upf",
            "name: u/pf",
            "nodeGroups[0].name",
            "'u/pf' is not a name for a node group"),
        arguments("name: upf", "name: " + "u".repeat(64), "nodeGroups[0].name", "is not a name"),
        arguments(
            "name: cp",
            "name: upf",
            "nodeGroups[1].name",
            "the node group 'upf' is already at nodeGroups[0].name"),
        arguments(
            "name: n6",
            "name: n3",
            "nodeGroups[0].networks[1].name",
            "the network 'n3' is already at " + N3 + ".name"),
        arguments("name: n3", "name: \"n 3\"", N3 + ".name", "'n 3' is not a name for a network"),
        arguments(
            "upf-b]",
            "\"upf:b\"]",
            "nodeGroups[0].autoScalingGroups[1]",
            "'upf:b' is not an Auto Scaling group's name"),
        arguments(
            "upf-b]",
            "\"" + "b".repeat(256) + "\"]",
            "nodeGroups[0].autoScalingGroups[1]",
            "is not an Auto Scaling group's name"),
        arguments(
            "Nodegroup: cp",
            "Nodegroup: c.p",
            "nodeGroups[1].eksManagedNodegroup",
            "'c.p' is not a managed node group's name"));
  }

  static Stream<Arguments> apiServers() {
    String endpoint = "is not the URL of a Kubernetes API; write it like https://host";
    String certificate = "is not a certificate in PEM, encoded in base64; copy";
    return Stream.concat(
        Stream.of(
                "http://k.example",
                "k.example",
                "https://",
                "https://k.example:443000",
                "https://admin@k.example",
                "https://k.example/?a=b",
                "https://k.example/#a",
                "https://k.example /",
                "HTTPS://k.example",
                "https://k_example",
                "")
            .map(url ->
                arguments(
                    "{name: core5g}",
                    "{name: core5g, endpoint: \"" + url + "\"}",
                    "cluster.endpoint",
                    "'" + url + "' " + endpoint)),
        Stream.of(
            arguments(
                "{name: core5g}",
                "{name: core5g, endpoint: 10.0}",
                "cluster.endpoint",
                "the number 10.0 where text belongs"),
            arguments(
                "{name: core5g}",
                "{name: core5g, certificateAuthority: aGVsbG8=}",
                "cluster.certificateAuthority",
                "'aGVsbG8=' " + certificate),
            arguments(
                "{name: core5g}",
                "{name: core5g, certificateAuthority: \"-----BEGIN CERTIFICATE-----\"}",
                "cluster.certificateAuthority",
                certificate),
            arguments(
                "{name: core5g}",
                "{name: core5g, certificateAuthority: {data: x}}",
                "cluster.certificateAuthority",
                "an object where text belongs"),
            arguments(
                "{name: core5g}",
                "{name: core5g, certificateAuthorityData: x}",
                "cluster.certificateAuthorityData",
                "did you mean 'certificateAuthority'?")));
  }

  static Stream<Arguments> reconciliations() {
    return Stream.of(
            arguments(
                "5",
                "reconcile",
                "the number 5 where an object with the keys sources, maxReleaseFraction"),
            arguments("{source: [whereabouts]}", "reconcile.source", "did you mean 'sources'?"),
            arguments("{sources: []}", "reconcile.sources", "empty list; name at least one"),
            arguments("{sources: whereabouts}", "reconcile.sources", "where a list of sources"),
            arguments(
                "{sources: [whereabout]}",
                "reconcile.sources[0]",
                "'whereabout' is not known here; use network-status or whereabouts"),
            arguments("{sources: [1]}", "reconcile.sources[0]", "the number 1 where text belongs"),
            arguments(
                "{sources: [whereabouts, whereabouts]}",
                "reconcile.sources[1]",
                "the source 'whereabouts' is already at reconcile.sources[0]"),
            arguments(
                "{maxReleaseFraction: 1.01}",
                "reconcile.maxReleaseFraction",
                "1.01 is out of range; use a number from 0 to 1"),
            arguments("{maxReleaseFraction: -1}", "reconcile.maxReleaseFraction", "out of range"),
            arguments(
                "{maxReleaseFraction: 1e400}", "reconcile.maxReleaseFraction", "out of range"),
            arguments(
                "{maxReleaseFraction: 50%}",
                "reconcile.maxReleaseFraction",
                "the text '50%' where a number from 0 to 1 belongs"),
            arguments(
                "{maxReleaseFraction: }",
                "reconcile.maxReleaseFraction",
                "no value where a number from 0 to 1 belongs"),
            arguments(
                "{releaseGraceSeconds: 3601}",
                "reconcile.releaseGraceSeconds",
                "3601 is out of range; use a whole number from 0 to 3600"),
            arguments("{releaseGraceSeconds: -1}", "reconcile.releaseGraceSeconds", "out of range"),
            arguments("{watch: 1}", "reconcile.watch", "the number 1 where true or false belongs"),
            arguments(
                "{periodSeconds: 59}",
                "reconcile.periodSeconds",
                "59 is out of range; use a whole number from 60 to 86400"),
            arguments("{periodSeconds: 86460}", "reconcile.periodSeconds", "out of range"),
            arguments(
                "{periodSeconds: 90}",
                "reconcile.periodSeconds",
                "90 s is no whole number of minutes, as a schedule needs it; use 60 or 120"),
            arguments(
                "{periodSeconds: 660}",
                "reconcile.periodSeconds",
                "660 s is too long to watch for: a function may run for 15 minutes at most;"
                    + " use at most 600, or watch: false"),
            arguments(
                "{watch: true, periodSeconds: 660}",
                "reconcile.periodSeconds",
                "too long to watch"),
            // One mistake, one problem: how long is too long depends on what was meant.
            arguments("{watch: no, periodSeconds: 660}", "reconcile.watch", "the text 'no'"),
            arguments("{wach: false, periodSeconds: 660}", "reconcile.wach", "'watch'?"),
            arguments("{managedRanges: 10.0.4.0/24}", "reconcile.managedRanges", "where a list"),
            arguments(
                "{managedRanges: [10.0.4.0]}",
                "reconcile.managedRanges[0]",
                "'10.0.4.0' is not a CIDR block; write it like 10.0.4.0/24"),
            arguments(
                "{managedRanges: [10.0.4.0/33]}", "reconcile.managedRanges[0]", "not a CIDR block"),
            arguments(
                "{managedRanges: [10.0.4.5/24]}",
                "reconcile.managedRanges[0]",
                "'10.0.4.5/24' has bits set beyond its prefix; write 10.0.4.0/24"),
            arguments(
                "{managedRanges: [\"2001:db8::/64\", \"2001:DB8:0::/64\"]}",
                "reconcile.managedRanges[1]",
                "the range '2001:db8::/64' is already at reconcile.managedRanges[0]"),
            arguments("{managedRanges: [7]}", "reconcile.managedRanges[0]", "the number 7"))
        .map(Arguments::get)
        .map(given ->
            arguments("sweep: {graceSeconds: 900}", "reconcile: " + given[0], given[1], given[2]));
  }

  static Stream<Arguments> deployments() {
    String vpc = "subnets: [subnet-0a300001], securityGroups: [sg-0a300001]";
    return Stream.of(
            arguments("7", "deployment", "the number 7 where an object with the keys architecture"),
            arguments(
                "{logRetentionDay: 7}",
                "deployment.logRetentionDay",
                "did you mean 'logRetentionDays'?"),
            arguments(
                "{architecture: arm}",
                "deployment.architecture",
                "'arm' is not known here; use arm64 or x86_64"),
            arguments(
                "{attach: 512}",
                "deployment.attach",
                "where an object with the keys memoryMb, reservedConcurrency belongs"),
            arguments(
                "{attach: {memory: 512}}", "deployment.attach.memory", "did you mean 'memoryMb'?"),
            arguments(
                "{attach: {memoryMb: 255}}",
                "deployment.attach.memoryMb",
                "255 is out of range; use a whole number from 256 to 10240"),
            arguments("{sweep: {memoryMb: 10241}}", "deployment.sweep.memoryMb", "out of range"),
            arguments(
                "{sweep: {reservedConcurrency: 0}}",
                "deployment.sweep.reservedConcurrency",
                "0 is out of range; use a whole number from 1 to 1000"),
            arguments(
                "{sweep: {reservedConcurrency: 2}}",
                "deployment.sweep.reservedConcurrency",
                "2 sweeps at a time would see each other's work half done; use 1 or none"),
            arguments(
                "{attach: {reservedConcurrency: 1001}}",
                "deployment.attach.reservedConcurrency",
                "out of range"),
            arguments(
                "{attach: {reservedConcurrency: all}}",
                "deployment.attach.reservedConcurrency",
                "'all' is not known here; use none or a number"),
            arguments(
                "{attach: {reservedConcurrency: false}}",
                "deployment.attach.reservedConcurrency",
                "the value false where text belongs"),
            arguments(
                "{reconcile: {reservedConcurrency: 1}}",
                "deployment.reconcile.reservedConcurrency",
                "1 run at a time is too few to watch: two runs overlap; use 2, or"),
            arguments(
                "{logRetentionDays: 10}",
                "deployment.logRetentionDays",
                "10 days are not among what CloudWatch Logs offers; use 14"),
            arguments("{logRetentionDays: 0}", "deployment.logRetentionDays", "from 1 to 3653"),
            arguments("{tracing: active}", "deployment.tracing", "where true or false belongs"),
            arguments("{terminateHook: 1}", "deployment.terminateHook", "where true or false"),
            arguments(
                "{alarmTopic: alarms}",
                "deployment.alarmTopic",
                "'alarms' is not the ARN of an SNS topic; write it like arn:aws:sns:"),
            arguments(
                "{alarmTopic: \"arn:aws:sqs:us-east-1:111122223333:alarms\"}",
                "deployment.alarmTopic",
                "is not the ARN of an SNS topic"),
            arguments(
                "{driftAlarmMinutes: 0}",
                "deployment.driftAlarmMinutes",
                "0 is out of range; use a whole number from 1 to 60"),
            arguments("{driftAlarmMinutes: 61}", "deployment.driftAlarmMinutes", "out of range"),
            arguments(
                "{vpc: vpc-0a000001}",
                "deployment.vpc",
                "where an object with the keys id, subnets, securityGroups, endpoints belongs"),
            arguments(
                "{vpc: {subnets: [subnet-0a300001]}}", "deployment.vpc.securityGroups", "miss"),
            arguments(
                "{vpc: {securityGroups: [sg-0a300001]}}", "deployment.vpc.subnets", "missing"),
            arguments(
                "{vpc: {" + vpc.replace("[subnet-0a300001]", "[]") + "}}",
                "deployment.vpc.subnets",
                "empty list"),
            arguments(
                "{vpc: {id: vpc-1, " + vpc + "}}",
                "deployment.vpc.id",
                "'vpc-1' is not a VPC's id; write vpc- and 8 or 17"),
            arguments(
                "{vpc: {endpoints: true, " + vpc + "}}",
                "deployment.vpc.id",
                "missing, and endpoints: true needs it"),
            // One mistake, one problem: what is misspelt isn't missing too.
            arguments(
                "{vpc: {Id: vpc-0a000001, endpoints: true, " + vpc + "}}",
                "deployment.vpc.Id",
                "did you mean 'id'?"),
            arguments(
                "{subnetZones: [us-east-1a]}",
                "deployment.subnetZones",
                "a list where an object of keys and texts belongs"),
            arguments(
                "{subnetZones: {a: us-east-1a}}",
                "deployment.subnetZones.a",
                "'a' is not a subnet's id"),
            arguments(
                "{subnetZones: {subnet-0a300001: us-east-1}}",
                "deployment.subnetZones.subnet-0a300001",
                "'us-east-1' is not an Availability Zone; write its name, like us-east-1a"),
            arguments(
                "{subnetZones: {subnet-0a300001: use1-az1}}",
                "deployment.subnetZones.subnet-0a300001",
                "is not an Availability Zone"))
        .map(Arguments::get)
        .map(given ->
            arguments("sweep: {graceSeconds: 900}", "deployment: " + given[0], given[1], given[2]));
  }

  static Stream<Arguments> setups() {
    String group = "nodeGroups[0].";
    String observe = "observe holds no node back until its interfaces are there; put the boot gate";
    return Stream.of(
            arguments("zones: us-east-1a", group + "zones", "where a list of Availability Zones"),
            arguments("zones: []", group + "zones", "empty list"),
            arguments("zones: [us-east-1]", group + "zones[0]", "is not an Availability Zone"),
            arguments(
                "zones: [us-east-1a, us-east-1a]",
                group + "zones[1]",
                "the zone 'us-east-1a' is already at nodeGroups[0].zones[0]"),
            arguments(
                "bootGate: on", group + "bootGate", "the text 'on' where true, false or an object"),
            arguments("bootGate: 900", group + "bootGate", "the number 900 where true, false or"),
            arguments("bootGate: ", group + "bootGate", "no value where true, false or an object"),
            arguments(
                "bootGate: {wait: 900}", group + "bootGate.wait", "the keys here are waitSeconds"),
            arguments(
                "bootGate: {waitSeconds: 59}",
                group + "bootGate.waitSeconds",
                "59 is out of range; use a whole number from 60 to 7200"),
            arguments(
                "bootGate: {waitSeconds: 7201}", group + "bootGate.waitSeconds", "out of range"),
            arguments(
                "bootGate: {maxPods: 738}",
                group + "bootGate.maxPods",
                "738 is out of range; use a whole number from 1 to 737"),
            arguments("bootGate: {maxPods: 0}", group + "bootGate.maxPods", "out of range"),
            arguments("lifecycleHook: observe", group + "lifecycleHook", observe),
            arguments(
                "lifecycleHook: observe\n    bootGate: false", group + "lifecycleHook", observe),
            // One mistake, one problem: a gate was meant.
            arguments(
                "lifecycleHook: observe\n    bootgate: true",
                group + "bootgate",
                "did you mean 'bootGate'?"),
            arguments(
                "lifecycleHook: observe\n    bootGate: 1", group + "bootGate", "the number 1"))
        .map(Arguments::get)
        .map(given -> arguments("lifecycleHook: create", given[0], given[1], given[2]));
  }

  static Stream<Arguments> launches() {
    String good =
        "{instanceType: m5.xlarge, kubernetesVersion: \"1.33\", subnets: [subnet-0a100001],"
            + " securityGroups: [sg-0a100001], serviceCidr: 10.100.0.0/16, maxSize: 3}";
    String path = "nodeGroups[0].launch";
    return Stream.concat(
        Stream.of(
                arguments("maxSize: 3", "", path + ".maxSize", "missing"),
                arguments("instanceType: m5.xlarge, ", "", path + ".instanceType", "missing"),
                arguments("m5.xlarge", "xlarge", path + ".instanceType", "write it like m5.xlarge"),
                arguments("\"1.33\"", "1.33", path + ".kubernetesVersion", "put it in quotes"),
                arguments(
                    "1.33",
                    "1.33.1",
                    path + ".kubernetesVersion",
                    "'1.33.1' is not a Kubernetes version"),
                arguments("[subnet-0a100001]", "[]", path + ".subnets", "empty list"),
                arguments(
                    "sg-0a100001", "default", path + ".securityGroups[0]", "not a security group"),
                arguments(
                    "10.100.0.0/16",
                    "10.100.0.0",
                    path + ".serviceCidr",
                    "'10.100.0.0' is not a CIDR block; copy serviceIpv4Cidr"),
                arguments("maxSize: 3", "maxSize: 0", path + ".maxSize", "from 1 to 1000"),
                arguments(
                    "maxSize: 3",
                    "maxSize: 3, minSize: 4",
                    path + ".minSize",
                    "4 is more than maxSize, 3; use at most 3"),
                arguments(
                    "maxSize: 3",
                    "maxSize: 3, minSize: 2, desiredSize: 1",
                    path + ".desiredSize",
                    "1 is not between minSize and maxSize; use 2 to 3"),
                arguments(
                    "maxSize: 3",
                    "maxSize: 3, desiredSize: 4",
                    path + ".desiredSize",
                    "use 0 to 3"),
                arguments(
                    "maxSize: 3",
                    "maxSize: 3, volumeGib: 19",
                    path + ".volumeGib",
                    "19 is out of range; use a whole number from 20 to 16384"),
                arguments(
                    "maxSize: 3",
                    "maxSize: 3, size: 1",
                    path + ".size",
                    "the keys here are instanceType"))
            .map(Arguments::get)
            .map(given ->
                arguments(
                    "autoScalingGroups: [upf-a, upf-b]\n",
                    "autoScalingGroups: [upf-a]\n    launch: "
                        + good.replace((String) given[0], (String) given[1])
                        + "\n",
                    given[2],
                    given[3])),
        Stream.of(
            arguments("lifecycleHook: create", "launch: 3", path, "where an object with the keys"),
            arguments(
                "lifecycleHook: create",
                "launch: " + good,
                path,
                "launch makes exactly one Auto Scaling group; name it, alone,"),
            arguments(
                "eksManagedNodegroup: cp",
                "eksManagedNodegroup: cp\n    launch: " + good,
                "nodeGroups[1].launch",
                "launch makes exactly one Auto Scaling group"),
            arguments(
                "autoScalingGroups: [upf-a, upf-b]\n    lifecycleHook: create",
                "lifecycleHook: create\n    launch: " + good,
                "nodeGroups[0]",
                "neither autoScalingGroups nor eksManagedNodegroup"),
            arguments(
                "[upf-a, upf-b]\n    lifecycleHook: create",
                "[upf-a]\n    lifecycleHook: existing:a\n    launch: " + good,
                path,
                "a group that the deployment makes gets the hook create; use create"),
            arguments(
                "[upf-a, upf-b]\n",
                "[upf-a]\n    nodeOs: al2\n    launch: " + good + "\n",
                path,
                "the deployment launches Amazon Linux 2023 only; use nodeOs: al2023")));
  }

  static Stream<Arguments> memberships() {
    return Stream.of(
        arguments(
            "autoScalingGroups",
            "autoscalingGroup",
            "nodeGroups[0].autoscalingGroup",
            "did you mean 'autoScalingGroups'?"),
        arguments(
            "eksManagedNodegroup",
            "eksManagedNodeGroups",
            "nodeGroups[1].eksManagedNodeGroups",
            "did you mean 'eksManagedNodegroup'?"),
        arguments(
            "    autoScalingGroups: [upf-a, upf-b]\n",
            "",
            "nodeGroups[0]",
            "neither autoScalingGroups nor eksManagedNodegroup"),
        arguments(
            "lifecycleHook: create",
            "eksManagedNodegroup: upf",
            "nodeGroups[0]",
            "both autoScalingGroups and eksManagedNodegroup"),
        arguments("[upf-a, upf-b]", "[]", "nodeGroups[0].autoScalingGroups", "empty list"),
        arguments(
            "[upf-a, upf-b]",
            "[upf-a, upf-a]",
            "nodeGroups[0].autoScalingGroups[1]",
            "the Auto Scaling group 'upf-a' is already at nodeGroups[0].autoScalingGroups[0]"),
        arguments(
            "eksManagedNodegroup: cp",
            "autoScalingGroups: [cp, upf-b]",
            "nodeGroups[1].autoScalingGroups[1]",
            "the Auto Scaling group 'upf-b' is already at nodeGroups[0].autoScalingGroups[1]"),
        arguments(
            "autoScalingGroups: [upf-a, upf-b]",
            "eksManagedNodegroup: cp",
            "nodeGroups[1].eksManagedNodegroup",
            "the managed node group 'cp' is already at nodeGroups[0].eksManagedNodegroup"),
        arguments(
            "upf-b]",
            "eks-cp-b2c1d7de-93a4-4a0b-8a3c-5d0e6f718293]",
            "nodeGroups[0].autoScalingGroups[1]",
            "belongs to the managed node group at nodeGroups[1].eksManagedNodegroup already"));
  }

  static Stream<Arguments> hooks() {
    String path = "nodeGroups[0].lifecycleHook";
    return Stream.of(
        arguments(
            "create",
            "Create",
            path,
            "'Create' is not known here; use create, existing:<name> or observe"),
        arguments("create", "\"existing:\"", path, "'' is not a lifecycle hook's name"),
        arguments("create", "\"existing: a\"", path, "' a' is not a lifecycle hook's name"),
        arguments("create", "existing:Launch-LC-Hook", path, "use observe"),
        arguments("create", "existing:Terminate-LC-Hook", path, "use observe"),
        arguments(
            "create", "existing:multus-eni-terminate", path, "our hook for terminating instances"));
  }

  static Stream<Arguments> times() {
    return Stream.of(
        arguments(
            "900",
            "59",
            "sweep.graceSeconds",
            "59 is out of range; use a whole number from 60 to 86400"),
        arguments(
            "lifecycleHook: create",
            "heartbeatTimeout: 29",
            "nodeGroups[0].heartbeatTimeout",
            "29 is out of range; use a whole number from 30 to 7200"),
        arguments(
            "lifecycleHook: create",
            "heartbeatTimeout: 7201",
            "nodeGroups[0].heartbeatTimeout",
            "out of range"),
        arguments(
            "lifecycleHook: create",
            "heartbeatTimeout: 1620",
            "nodeGroups[0].heartbeatTimeout",
            "an event may arrive 1500 s late and the function may run for 120 s; use more than 1620"),
        arguments(
            "lifecycleHook: create",
            "giveUpAfter: 120",
            "nodeGroups[0].giveUpAfter",
            "use a whole number from 121 to 172800"),
        arguments(
            "lifecycleHook: create",
            "giveUpAfter: 172801",
            "nodeGroups[0].giveUpAfter",
            "out of range"),
        arguments(
            "lifecycleHook: create",
            "heartbeatTimeout: 1621\n    giveUpAfter: 162101",
            "nodeGroups[0].giveUpAfter",
            "100 heartbeat timeouts in all; use at most 162100"),
        arguments(
            "Nodegroup: cp",
            "Nodegroup: cp\n    giveUpAfter: 901",
            "nodeGroups[1].giveUpAfter",
            "use at most 900, or leave it out for 840"));
  }

  static Stream<Arguments> networks() {
    String many =
        IntStream.range(0, 22).mapToObj(i -> network("m" + i, 0)).collect(Collectors.joining());
    String farCard =
        IntStream.range(0, 25).mapToObj(i -> network("m" + i, 1)).collect(Collectors.joining());
    return Stream.of(
        arguments("[subnet-0a300001, subnet-0a300002]", "[]", N3 + ".subnets", "empty list"),
        arguments(
            "subnet-0a300002",
            "subnet-0a300001",
            N3 + ".subnets[1]",
            "the subnet 'subnet-0a300001' is already at " + N3 + ".subnets[0]"),
        arguments(
            "subnet-0a300002",
            "subnet-0a30000G",
            N3 + ".subnets[1]",
            "'subnet-0a30000G' is not a subnet's id"),
        arguments(
            "subnet-0a300002",
            "subnet-0a3000020",
            N3 + ".subnets[1]",
            "is not a subnet's id; write subnet- and 8 or 17"),
        arguments(
            "subnet-0a300002",
            "sg-0a300002",
            N3 + ".subnets[1]",
            "'sg-0a300002' is not a subnet's id"),
        arguments("[sg-0a300001]", "[]", N3 + ".securityGroups", "empty list"),
        arguments(
            "sg-0a300001",
            "subnet-0a300001",
            N3 + ".securityGroups[0]",
            "is not a security group's id"),
        arguments(
            "[sg-0a300001]",
            "[sg-0a300001, sg-0a300001]",
            N3 + ".securityGroups[1]",
            "the security group 'sg-0a300001' is already at " + N3 + ".securityGroups[0]"),
        arguments(
            "[sg-0a300001]",
            IntStream.range(0, 17).mapToObj("sg-0a3000%02x"::formatted).toList().toString(),
            N3 + ".securityGroups",
            "17 security groups, more than EC2 takes"),
        arguments(
            "tags: {cnf: upf}",
            "ipv6: some",
            N3 + ".ipv6",
            "'some' is not known here; use auto or none or a count"),
        arguments("tags: {cnf: upf}", "ipv6: -1", N3 + ".ipv6", "use a whole number from 0 to 64"),
        arguments("tags: {cnf: upf}", "ipv6: 65", N3 + ".ipv6", "65 is out of range"),
        arguments(
            "tags: {cnf: upf}", "ipv6: 1.5", N3 + ".ipv6", "the number 1.5 where a whole number"),
        arguments(
            "tags: {cnf: upf}",
            "primaryAddress: last",
            N3 + ".primaryAddress",
            "use any or first-free"),
        arguments(
            "tags: {cnf: upf}",
            "networkCardIndex: -1",
            N3 + ".networkCardIndex",
            "use a whole number 0 or more"),
        arguments(
            "lifecycleHook: create",
            "onRepeatedFailure: wait",
            "nodeGroups[0].onRepeatedFailure",
            "use abandon or hold"),
        arguments(
            "lifecycleHook: create", "nodeOs: ubuntu", "nodeGroups[0].nodeOs", "use al2 or al2023"),
        arguments(
            "lifecycleHook: create",
            "pciBase: 00:05.0",
            "nodeGroups[0].pciBase",
            "'00:05.0' is not a PCI address"),
        arguments(
            "lifecycleHook: create",
            "pciBase: \"0000:00:05.8\"",
            "nodeGroups[0].pciBase",
            "is not a PCI address"),
        arguments(
            "lifecycleHook: create\n    networks:\n",
            "networks:\n" + many,
            "nodeGroups[0].networks",
            "24 networks on network card 0, more than any instance type holds; use at most 23"),
        arguments(
            "lifecycleHook: create\n    networks:\n",
            "networks:\n" + farCard,
            "nodeGroups[0].networks",
            "25 networks on network card 1"));
  }

  static Stream<Arguments> tags() {
    String many =
        IntStream.range(0, 41).mapToObj(i -> "k" + i + ": v").collect(Collectors.joining(", "));
    return Stream.concat(
        Stream.of(
            arguments(
                "cnf: upf",
                many,
                N3 + ".tags",
                "41 tags, more than fit beside the 10 that multus-eni sets; use at most 40"),
            arguments("cnf: upf", "\"\": v", N3 + ".tags['']", "a tag's key of 0 characters"),
            arguments(
                "cnf: upf",
                "? " + "k".repeat(129) + "\n : v",
                N3 + ".tags." + "k".repeat(129),
                "a tag's key of 129 characters; use 1 to 128"),
            arguments(
                "cnf: upf",
                "cnf: " + "v".repeat(257),
                N3 + ".tags.cnf",
                "a tag's value of 257 characters; use at most 256"),
            arguments("cnf: upf", "AWS:x: v", N3 + ".tags['AWS:x']", "belong to AWS")),
        Stream.of(
                "aws:x",
                "no_manage",
                "node.k8s.amazonaws.com/no_manage",
                "multus-eni/anything",
                "node.k8s.amazonaws.com/instance_id",
                "node.k8s.amazonaws.com/createdAt",
                "cluster.k8s.amazonaws.com/name",
                "eks:eni:owner")
            .map(key ->
                arguments(
                    "cnf: upf",
                    "\"" + key + "\": v",
                    key.equals("no_manage") ? N3 + ".tags.no_manage" : N3 + ".tags['" + key + "']",
                    "reserved key: ")));
  }

  @Test
  void everythingWrongAtOnceIsReportedAtOnce() {
    ConfigException exception =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigReader.readJson(
                    """
                    {"cluster": {"nmae": "a"}, "sweep": {"graceSeconds": "soon"}, "extra": 1,
                     "reconcile": {"periodSeconds": 61, "sources": ["a", 2], "managedRanges": ["b"]},
                     "deployment": {"vpc": {"endpoints": 1}, "sweep": {"memoryMb": 1}},
                     "nodeGroups": [7, {"networks": [null, {"name": "n3", "subnets": [[]]}]}]}
                    """));

    assertThat(exception.problems())
        .extracting(ConfigProblem::path)
        .isEqualTo(
            List.of(
                "extra",
                "cluster.nmae",
                "sweep.graceSeconds",
                "reconcile.sources[0]",
                "reconcile.sources[1]",
                "reconcile.periodSeconds",
                "reconcile.managedRanges[0]",
                "deployment.sweep.memoryMb",
                "deployment.vpc.subnets",
                "deployment.vpc.securityGroups",
                "deployment.vpc.endpoints",
                "nodeGroups[0]",
                "nodeGroups[1].name",
                "nodeGroups[1]",
                "nodeGroups[1].networks[0]",
                "nodeGroups[1].networks[1].securityGroups",
                "nodeGroups[1].networks[1].subnets[0]"));
  }

  @Test
  void oneSubnetMayCarryTwoNetworks() throws ConfigException {
    // Two interfaces of one node in one subnet are unusual, and wanted by some.
    assertThat(ConfigReader.readYaml(GOOD).nodeGroups().getFirst().networks())
        .allMatch(network -> network.subnets().contains("subnet-0a300001"));
  }

  private static String network(String name, int card) {
    return "      - {name: %s, subnets: [subnet-0a300001], securityGroups: [sg-0a300001], networkCardIndex: %d}\n"
        .formatted(name, card);
  }
}
