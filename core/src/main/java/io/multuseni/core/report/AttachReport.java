// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.report;

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
