// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.multuseni.base.Time;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster of EKS inside this process with one pod on one node, so that a function can read it
 * once before a snapshot. Nothing is sent and nothing is signed; TLS and the HTTP client are set up
 * as for a cluster, and what it answers is read as from one.
 */
public final class CannedCluster {
  /** The address that its pod reserved. */
  public static final String RESERVED = "10.0.30.20";

  /** Of nobody: its key was thrown away. */
  private static final String AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBfDCCASGgAwIBAgIUBrN5izGFz/qL7n9ZNjDsHXVmVuEwCgYIKoZIzj0EAwIw
      EjEQMA4GA1UEAwwHcHJpbWluZzAgFw0yNjExMjUxMTI4NDZaGA8yMTI2MTEwMTEx
      Mjg0NlowEjEQMA4GA1UEAwwHcHJpbWluZzBZMBMGByqGSM49AgEGCCqGSM49AwEH
      A0IABCZvko2zsyiuy/w2qoiR9LP9hEARKCMmMqv9Ub67KWA+vWyuiSAUnoGXeAIL
      +R2XRSsIdqXjbX2/jghgmSPlFV6jUzBRMB0GA1UdDgQWBBQPYQMJGTsS2AZosrfW
      RmpJNFpcsjAfBgNVHSMEGDAWgBQPYQMJGTsS2AZosrfWRmpJNFpcsjAPBgNVHRMB
      Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDDNHbkapPqTyJrGGWSv20i5hCF
      fQTjPmpgWSop/1xS6AIhAPK6ebUNeLYBbTlOz2evpB7q0P+RvKso07wu6uCr3bRu
      -----END CERTIFICATE-----
      """;

  private static final String NAME = "priming";

  private CannedCluster() {}

  /**
   * Clients that reach it.
   *
   * @param instanceId the instance behind its node
   * @param time the clock
   */
  public static KubeClients clients(String instanceId, Time time) {
    Config config = Config.empty();
    config.setMasterUrl("https://kubernetes.invalid");
    KubeConnection.Eks eks =
        new KubeConnection.Eks(
            Base64.getEncoder().encodeToString(AUTHORITY.getBytes(StandardCharsets.US_ASCII)),
            EksToken.unsigned(NAME, time));
    KubeServer server = new KubeServer(NAME, "it knows everybody", "it has none");
    return KubeClients.opening(() ->
        KubeConnection.open(config, Optional.of(eks), server, new Factory(answers(instanceId))));
  }

  /** Makes clients as for a real cluster, and puts ours in their place. */
  private static final class Factory extends JdkHttpClientFactory {
    private final Map<String, String> answers;

    Factory(Map<String, String> answers) {
      this.answers = answers;
    }

    @Override
    protected HttpClient.Builder createNewHttpClientBuilder() {
      return new CannedHttp.Builder(super.createNewHttpClientBuilder(), answers);
    }
  }

  private static Map<String, String> answers(String instanceId) {
    return Map.of(
        path(KubeResource.POOLS),
        list(
            """
            {"metadata": {"namespace": "kube-system", "name": "10.0.30.0-24"},
             "spec": {"range": "10.0.30.0/24",
                      "allocations": {"20": {"id": "c", "podref": "priming/pod",
                                             "ifname": "net1"}}}}
            """),
        path(KubeResource.SLICE_POOLS),
        list(""),
        path(KubeResource.OVERLAPS),
        list(
            """
            {"metadata": {"namespace": "kube-system", "name": "10.0.30.20"},
             "spec": {"podref": "priming/pod", "ifname": "net1"}}
            """),
        path(KubeResource.PODS),
        list(
            """
            {"metadata": {"namespace": "priming", "name": "pod", "annotations": {
               "k8s.v1.cni.cncf.io/networks": "priming/n3",
               "k8s.v1.cni.cncf.io/network-status":
                 "[{\\"name\\": \\"priming/n3\\", \\"interface\\": \\"net1\\", \\"ips\\": [\\"10.0.30.20\\"]}]"}},
             "spec": {"nodeName": "node"}, "status": {"phase": "Running"}}
            """),
        path(KubeResource.NODES),
        list(
            """
            {"metadata": {"name": "node", "labels": {
               "node.kubernetes.io/instance-type": "m5.xlarge"}},
             "spec": {"providerID": "aws:///us-east-1a/%s"}}
            """
                .formatted(instanceId)),
        path(KubeResource.DEFINITIONS),
        list(
            """
            {"metadata": {"namespace": "priming", "name": "n3"},
             "spec": {"config": "{\\"type\\": \\"ipvlan\\"}"}}
            """));
  }

  private static String path(KubeResource resource) {
    return "/" + resource.path();
  }

  private static String list(String item) {
    return "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [" + item + "]}";
  }
}
