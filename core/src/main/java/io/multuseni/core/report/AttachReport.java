// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.report;

import io.multuseni.core.error.CallFailure;
import io.multuseni.core.event.EventEnvelope;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of one event: the function's result, its log line and {@code --json} in one. The
 * names of the fields are part of the product.
 *
 * @param instanceId the instance, where the event names one
 * @param availabilityZone its zone, where it was looked up
 * @param autoScalingGroup the Auto Scaling group, where the event names one
 * @param lifecycleHook the hook, where the event names one
 * @param outcome {@code CONTINUE}, {@code ABANDON}, {@code IGNORED} or {@code RETRY}
 * @param reason why, as a constant; null for CONTINUE
 * @param message why, for people
 * @param interfaces the interfaces in device-index order; those of the plan where {@code dryRun}
 * @param apiCalls calls that were sent, repetitions included, by action
 * @param millis duration of the run in milliseconds
 * @param throttled how many of the calls AWS throttled
 * @param dryRun whether nothing was changed
 * @param completed whether this run completed the lifecycle action
 */
public record AttachReport(
    @Nullable String instanceId,
    @Nullable String availabilityZone,
    @Nullable String autoScalingGroup,
    @Nullable String lifecycleHook,
    Outcome outcome,
    @Nullable String reason,
    String message,
    List<AttachedInterface> interfaces,
    SortedMap<String, Integer> apiCalls,
    long millis,
    int throttled,
    boolean dryRun,
    boolean completed) {
  /** Copies the list. */
  public AttachReport {
    interfaces = List.copyOf(interfaces);
  }

  /**
   * A run that did nothing, since the configuration could not be read; another one may read it.
   *
   * @param event what came in
   * @param failure why it could not be read
   * @param apiCalls calls that were sent, repetitions included, by action
   * @param throttled how many of the calls AWS throttled
   * @param millis duration in milliseconds
   * @param dryRun whether nothing was to be changed anyway
   */
  public static AttachReport unread(
      EventEnvelope event,
      CallFailure failure,
      SortedMap<String, Integer> apiCalls,
      int throttled,
      long millis,
      boolean dryRun) {
    return new AttachReport(
        text(event, "EC2InstanceId"),
        null,
        text(event, "AutoScalingGroupName"),
        text(event, "LifecycleHookName"),
        Outcome.RETRY,
        failure.meaning().name(),
        "nothing was done, since the configuration could not be read: " + failure.explained(),
        List.of(),
        apiCalls,
        millis,
        throttled,
        dryRun,
        false);
  }

  private static @Nullable String text(EventEnvelope event, String key) {
    return event.detail().get(key) instanceof String text ? text : null;
  }

  /** What a run comes to. */
  public enum Outcome {
    /** The node is right. */
    CONTINUE,
    /** The node can't be right. */
    ABANDON,
    /** Nothing to do. */
    IGNORED,
    /** Not done yet; the invocation fails so that it is repeated. */
    RETRY
  }

  /**
   * One interface at its place.
   *
   * @param network name of the network
   * @param deviceIndex device index, from 1
   * @param networkCardIndex network card, from 0
   * @param networkInterfaceId its id; null in a dry run that would create it
   * @param subnetId its subnet
   * @param macAddress its MAC address, by which a node can check the predictions
   * @param privateIpAddress its primary IPv4 address
   * @param ipv6Addresses its IPv6 addresses
   * @param pciBusId predicted PCI address; null where nothing is known
   * @param interfaceName predicted name on the node; null where nothing is known
   * @param created whether this run created it
   */
  public record AttachedInterface(
      String network,
      int deviceIndex,
      int networkCardIndex,
      @Nullable String networkInterfaceId,
      @Nullable String subnetId,
      @Nullable String macAddress,
      @Nullable String privateIpAddress,
      List<String> ipv6Addresses,
      @Nullable String pciBusId,
      @Nullable String interfaceName,
      boolean created) {
    /** Copies the list. */
    public AttachedInterface {
      ipv6Addresses = List.copyOf(ipv6Addresses);
    }
  }
}
