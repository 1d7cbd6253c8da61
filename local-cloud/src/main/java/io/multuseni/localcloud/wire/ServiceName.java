// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The services behind the one port, told apart by the API version of a request. */
public enum ServiceName {
  /** Amazon EC2, API version 2016-11-15. */
  EC2("ec2", "2016-11-15"),
  /** Amazon EC2 Auto Scaling, API version 2011-01-01. */
  AUTO_SCALING("autoscaling", "2011-01-01"),
  /** AWS Systems Manager, API version 2014-11-06, the only one that speaks JSON. */
  SSM("ssm", "2014-11-06");

  /** What {@code X-Amz-Target} begins with in requests to Systems Manager. */
  private static final String SSM_TARGET = "AmazonSSM.";

  private static final Set<String> SCALING_ACTIONS = Set.copyOf(ScalingActionParser.actions());

  private final String id;
  private final String version;

  ServiceName(String id, String version) {
    this.id = id;
    this.version = version;
  }

  /** The name that requests are signed for: {@code ec2}, {@code autoscaling} or {@code ssm}. */
  public String id() {
    return id;
  }

  /** The namespace of the service's answers. */
  public String namespace() {
    return "http://" + id + ".amazonaws.com/doc/" + version + "/";
  }

  /**
   * A request of the JSON protocol in the form of the Query protocol, with its action and version.
   *
   * @param target the header {@code X-Amz-Target}
   * @param body the request's JSON
   * @throws ApiError {@code SerializationException} if the body can't be read
   */
  public static Params ofJson(String target, String body) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(
        "Action", target.startsWith(SSM_TARGET) ? target.substring(SSM_TARGET.length()) : target);
    values.put("Version", SSM.version);
    values.putAll(JsonRequest.read(body));
    return Params.of(values);
  }

  /**
   * The service a request is for. Without a known {@code Version} the action decides, in favour of
   * EC2 where both have it.
   */
  public static ServiceName of(Params params) {
    String sent = params.text("Version").orElse("");
    if (sent.equals(AUTO_SCALING.version)) {
      return AUTO_SCALING;
    }
    if (sent.equals(SSM.version)) {
      return SSM;
    }
    if (sent.equals(EC2.version)) {
      return EC2;
    }
    String action = params.text("Action").orElse("");
    boolean onlyScaling =
        SCALING_ACTIONS.contains(action) && !Ec2ActionParser.actions().contains(action);
    return onlyScaling ? AUTO_SCALING : EC2;
  }
}
