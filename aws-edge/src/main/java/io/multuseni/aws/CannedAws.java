// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.base.Time;
import io.multuseni.core.config.FunctionVariables;
import io.multuseni.core.config.Tags;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * An AWS inside this process with one instance and room for one network interface, so that a
 * function can run through its work once before a snapshot. Nothing is sent and nothing is signed;
 * the SDK marshals and unmarshals as it does with AWS.
 */
public final class CannedAws implements SdkHttpClient {
  /** Name of the cluster. */
  public static final String CLUSTER = "priming";

  /** Name of the node group and of its Auto Scaling group. */
  public static final String GROUP = "priming";

  /** The instance. */
  public static final String INSTANCE = "i-00000000000000001";

  /** The network interface, once it was created. */
  public static final String INTERFACE = "eni-00000000000000001";

  /** The parameter with the configuration, and the one with what the deployment knows. */
  public static final String CONFIG_PARAMETER = "/multus-eni/priming/config";

  /** See {@link #CONFIG_PARAMETER}. */
  public static final String DEPLOYED_PARAMETER = "/multus-eni/priming/deployed";

  /** As {@link #CONFIG_PARAMETER} holds it; a pass without a watch comes to an end by itself. */
  private static final String CONFIG =
      """
      {"cluster": {"name": "%s"},
       "reconcile": {"watch": false},
       "nodeGroups": [
         {"name": "%s", "autoScalingGroups": ["%s"], "networks": [
           {"name": "n3", "subnets": ["subnet-00000000000000001"],
            "securityGroups": ["sg-00000000000000001"]}]}]}
      """
          .formatted(CLUSTER, GROUP, GROUP);

  private static final Pattern TAG_KEY =
      Pattern.compile("(TagSpecification\\.1\\.)?Tag\\.(\\d+)\\.Key");
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private final Set<String> primed = new HashSet<>();
  private final SortedMap<String, String> tags = new TreeMap<>();
  private final Set<String> secondary = new TreeSet<>();
  private boolean created;
  private boolean attached;
  private boolean deletedWithInstance;
  private boolean sourceDestCheck = true;

  private record Answer(int status, String body) {}

  private CannedAws() {}

  /** With an instance that waits for its network interface. */
  public static CannedAws withoutInterface() {
    return new CannedAws();
  }

  /**
   * With an instance that has its network interface.
   *
   * @param secondary its secondary IPv4 addresses
   */
  public static CannedAws withInterface(Set<String> secondary) {
    CannedAws aws = new CannedAws();
    aws.created = true;
    aws.attached = true;
    aws.deletedWithInstance = true;
    aws.sourceDestCheck = false;
    aws.tags.putAll(Map.of(Tags.CLUSTER, CLUSTER, Tags.NODE_GROUP, GROUP));
    aws.secondary.addAll(secondary);
    return aws;
  }

  /** Clients that reach it. */
  public AwsClients clients(Time time) {
    return AwsClients.canned(this, time);
  }

  /** The environment of a function that is configured by its parameters. */
  public static @Nullable String environment(String variable) {
    return switch (variable) {
      case FunctionVariables.CONFIG_PARAMETER -> CONFIG_PARAMETER;
      case FunctionVariables.DEPLOYED_PARAMETER -> DEPLOYED_PARAMETER;
      default -> null;
    };
  }

  /** The actions that were called. */
  public synchronized Set<String> primed() {
    return Set.copyOf(primed);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() {
        return respond(answer(request));
      }

      @Override
      public void abort() {}
    };
  }

  @Override
  public String clientName() {
    return "canned";
  }

  @Override
  public void close() {}

  private static HttpExecuteResponse respond(Answer answer) {
    return HttpExecuteResponse.builder()
        .response(SdkHttpResponse.builder().statusCode(answer.status()).build())
        .responseBody(
            AbortableInputStream.create(
                new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8))))
        .build();
  }

  private Answer answer(HttpExecuteRequest request) {
    SdkHttpRequest http = request.httpRequest();
    Optional<String> target = http.firstMatchingHeader("X-Amz-Target");
    Map<String, String> sent = target.isPresent() ? Map.of() : form(body(request));
    String action =
        target
            .map(one -> one.substring(one.indexOf('.') + 1))
            .orElseGet(() -> sent.getOrDefault("Action", ""));
    synchronized (this) {
      boolean first = primed.add(action);
      return answer(action, sent, first);
    }
  }

  private Answer answer(String action, Map<String, String> sent, boolean first) {
    return switch (action) {
      case "GetParameters" -> new Answer(OK, CannedAnswers.parameters(CONFIG, "{}"));
      case "DescribeInstances" -> ok(CannedAnswers.instance());
      case "DescribeInstanceTypes" -> ok(CannedAnswers.INSTANCE_TYPE);
      case "DescribeSubnets" -> ok(CannedAnswers.SUBNET);
      case "DescribeNetworkInterfaces" -> ok(CannedAnswers.interfaces(networkInterface()));
      case "CreateNetworkInterface" -> {
        created = true;
        tags.putAll(tagsIn(sent));
        yield ok(CannedAnswers.created(networkInterface().orElseThrow()));
      }
      case "AttachNetworkInterface" -> {
        if (first) {
          // EC2 often doesn't know a new interface yet, and errors have classes of their own.
          yield new Answer(BAD_REQUEST, CannedAnswers.NOT_YET_VISIBLE);
        }
        attached = true;
        yield ok(CannedAnswers.ATTACHED);
      }
      case "ModifyNetworkInterfaceAttribute" -> {
        deletedWithInstance |= sent.containsKey("Attachment.DeleteOnTermination");
        sourceDestCheck &= !sent.containsKey("SourceDestCheck.Value");
        yield ok(CannedAnswers.done(action));
      }
      case "CreateTags" -> {
        tags.putAll(tagsIn(sent));
        yield ok(CannedAnswers.done(action));
      }
      case "AssignPrivateIpAddresses" -> {
        secondary.addAll(addressesIn(sent));
        yield ok(CannedAnswers.done(action));
      }
      case "UnassignPrivateIpAddresses" -> {
        secondary.removeAll(addressesIn(sent));
        yield ok(CannedAnswers.done(action));
      }
      case "DeleteNetworkInterface", "AssignIpv6Addresses", "UnassignIpv6Addresses" ->
          ok(CannedAnswers.done(action));
      case "DescribeAutoScalingGroups" -> ok(CannedAnswers.group());
      case "DescribeLifecycleHooks" -> ok(CannedAnswers.hooks());
      default -> ok(CannedAnswers.empty(action));
    };
  }

  private static Answer ok(String body) {
    return new Answer(OK, body);
  }

  private Optional<CannedAnswers.Interface> networkInterface() {
    return created
        ? Optional.of(
            new CannedAnswers.Interface(
                attached, deletedWithInstance, sourceDestCheck, tags, secondary))
        : Optional.empty();
  }

  private static Map<String, String> tagsIn(Map<String, String> sent) {
    Map<String, String> found = new HashMap<>();
    sent.forEach((name, key) -> {
      Matcher matcher = TAG_KEY.matcher(name);
      if (matcher.matches()) {
        String value = name.substring(0, name.length() - "Key".length()) + "Value";
        found.put(key, sent.getOrDefault(value, ""));
      }
    });
    return found;
  }

  private static Set<String> addressesIn(Map<String, String> sent) {
    return sent.entrySet().stream()
        .filter(one -> one.getKey().startsWith("PrivateIpAddress."))
        .map(Map.Entry::getValue)
        .collect(Collectors.toSet());
  }

  private static String body(HttpExecuteRequest request) {
    try (InputStream body = request.contentStreamProvider().orElseThrow().newStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("memory gives every byte", e);
    }
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }
}
