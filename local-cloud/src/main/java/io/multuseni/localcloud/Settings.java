// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import io.multuseni.localcloud.time.CloudClock;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a {@link LocalCloud} behaves. Immutable; each wither returns a changed copy. All durations
 * are on the cloud's clock and not negative.
 *
 * @param latency added to each call before its effect; on a virtual clock the clock advances by it
 * @param attachTime an attachment stays {@code attaching} that long after the attach call took
 *     effect
 * @param detachTime an attachment stays {@code detaching} that long after the detach call took
 *     effect
 * @param bootTime an instance stays {@code pending} that long after its launch or start
 * @param visibilityDelay that long after its creation an interface is not found by calls, and
 *     missing from describes: EC2's eventual consistency; a parameter's new value isn't read as
 *     long
 * @param addressLag that long after addresses were assigned, moved or released, describes show them
 *     as they were before; calls that change something are never behind
 * @param throttling whether the token buckets of EC2, Auto Scaling and Systems Manager refuse calls
 * @param replaceAbandoned whether a group whose instance was abandoned by a hook, or terminated
 *     from outside, launches another one
 * @param tick how often a background thread applies what is due, on a real clock only
 * @param clock the time of the cloud
 * @param region name of the Region
 * @param account number of the account, 12 digits
 * @param seed makes ids, tokens and chosen addresses the same in each run that makes the same calls
 *     in the same order
 */
public record Settings(
    Duration latency,
    Duration attachTime,
    Duration detachTime,
    Duration bootTime,
    Duration visibilityDelay,
    Duration addressLag,
    boolean throttling,
    boolean replaceAbandoned,
    Duration tick,
    CloudClock clock,
    String region,
    String account,
    long seed) {

  /**
   * Checks the durations.
   *
   * @throws IllegalArgumentException if one is negative, or {@code tick} is zero
   */
  public Settings {
    checkNotNegative("latency", latency);
    checkNotNegative("attachTime", attachTime);
    checkNotNegative("detachTime", detachTime);
    checkNotNegative("bootTime", bootTime);
    checkNotNegative("visibilityDelay", visibilityDelay);
    checkNotNegative("addressLag", addressLag);
    if (!tick.isPositive()) {
      throw new IllegalArgumentException("tick is not positive: " + tick);
    }
  }

  /**
   * Everything takes effect at once; throttling and replacement are on; the system's clock with a
   * tick of 50 ms; us-east-1, account 123456789012, seed 1.
   */
  public static Settings defaults() {
    return new Settings(
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        true,
        true,
        Duration.ofMillis(50),
        CloudClock.real(),
        "us-east-1",
        "123456789012",
        1);
  }

  /** These settings with another latency. */
  public Settings withLatency(Duration latency) {
    return with(draft -> draft.latency = latency);
  }

  /** These settings with another attach time. */
  public Settings withAttachTime(Duration attachTime) {
    return with(draft -> draft.attachTime = attachTime);
  }

  /** These settings with another detach time. */
  public Settings withDetachTime(Duration detachTime) {
    return with(draft -> draft.detachTime = detachTime);
  }

  /** These settings with another boot time. */
  public Settings withBootTime(Duration bootTime) {
    return with(draft -> draft.bootTime = bootTime);
  }

  /** These settings with another visibility delay. */
  public Settings withVisibilityDelay(Duration visibilityDelay) {
    return with(draft -> draft.visibilityDelay = visibilityDelay);
  }

  /** These settings with another address lag. */
  public Settings withAddressLag(Duration addressLag) {
    return with(draft -> draft.addressLag = addressLag);
  }

  /** These settings with throttling on or off. */
  public Settings withThrottling(boolean throttling) {
    return with(draft -> draft.throttling = throttling);
  }

  /** These settings with replacement on or off. */
  public Settings withReplaceAbandoned(boolean replaceAbandoned) {
    return with(draft -> draft.replaceAbandoned = replaceAbandoned);
  }

  /** These settings with another tick. */
  public Settings withTick(Duration tick) {
    return with(draft -> draft.tick = tick);
  }

  /** These settings on another clock. */
  public Settings withClock(CloudClock clock) {
    return with(draft -> draft.clock = clock);
  }

  /** These settings in another Region. */
  public Settings withRegion(String region) {
    return with(draft -> draft.region = region);
  }

  /** These settings in another account. */
  public Settings withAccount(String account) {
    return with(draft -> draft.account = account);
  }

  /** These settings with another seed. */
  public Settings withSeed(long seed) {
    return with(draft -> draft.seed = seed);
  }

  /**
   * The shortest time from a launch event to the completed lifecycle action, computed from these
   * settings alone, for an instance that gets {@code interfaces} more interfaces:
   *
   * <pre>max(bootTime, 2 L) + interfaces * (L + attachTime) + 3 L</pre>
   *
   * with L = latency. Describing the instance and creating the interfaces (all at once) goes on
   * while it boots; attaching goes one after the other, each seen {@code attached} before the next;
   * then one round of modifying, one of verifying and the completion. {@code bootTime} counts from
   * the launch event.
   *
   * @param interfaces not negative
   */
  public Duration criticalPath(int interfaces) {
    Duration prepared = latency.multipliedBy(2);
    Duration running = bootTime.compareTo(prepared) > 0 ? bootTime : prepared;
    return running
        .plus(latency.plus(attachTime).multipliedBy(interfaces))
        .plus(latency.multipliedBy(3));
  }

  private static void checkNotNegative(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + " is negative: " + duration);
    }
  }

  private Settings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** The settings while one of them is changed, so that only this class lists them all. */
  private static final class Draft {
    private Duration latency;
    private Duration attachTime;
    private Duration detachTime;
    private Duration bootTime;
    private Duration visibilityDelay;
    private Duration addressLag;
    private boolean throttling;
    private boolean replaceAbandoned;
    private Duration tick;
    private CloudClock clock;
    private String region;
    private String account;
    private long seed;

    Draft(Settings settings) {
      latency = settings.latency;
      attachTime = settings.attachTime;
      detachTime = settings.detachTime;
      bootTime = settings.bootTime;
      visibilityDelay = settings.visibilityDelay;
      addressLag = settings.addressLag;
      throttling = settings.throttling;
      replaceAbandoned = settings.replaceAbandoned;
      tick = settings.tick;
      clock = settings.clock;
      region = settings.region;
      account = settings.account;
      seed = settings.seed;
    }

    Settings settings() {
      return new Settings(
          latency,
          attachTime,
          detachTime,
          bootTime,
          visibilityDelay,
          addressLag,
          throttling,
          replaceAbandoned,
          tick,
          clock,
          region,
          account,
          seed);
    }
  }
}
