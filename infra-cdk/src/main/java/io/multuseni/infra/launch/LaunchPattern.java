// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.launch;

import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.NodeGroup.ExistingHook;
import io.multuseni.core.config.NodeGroup.ObserveHook;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.GroupNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The event pattern of one EventBridge rule: lifecycle actions of these Auto Scaling groups and
 * hooks, into the group and into its warm pool alike, and nothing else. Fields and their values:
 * Auto Scaling's event reference.
 *
 * @param detailTypes kinds of events
 * @param groups names of Auto Scaling groups
 * @param hooks names of lifecycle hooks; empty for any
 */
public record LaunchPattern(List<String> detailTypes, List<String> groups, List<String> hooks) {
  /** Most characters of an event pattern (EventBridge quotas). */
  public static final int MOST_CHARACTERS = 2048;

  private static final String LAUNCH = "EC2 Instance-launch Lifecycle Action";
  private static final String TERMINATE = "EC2 Instance-terminate Lifecycle Action";

  /** Characters of the UUID at the end of a group's name that EKS gives. */
  private static final int UUID_CHARACTERS = 36;

  /** Copies the lists. */
  public LaunchPattern {
    detailTypes = List.copyOf(detailTypes);
    groups = List.copyOf(groups);
    hooks = List.copyOf(hooks);
  }

  /**
   * The patterns of a configuration: the fewest that the limit allows, in the order of its node
   * groups.
   *
   * @param config the configuration
   * @param names of the groups
   */
  public static List<LaunchPattern> of(ProvisionerConfig config, GroupNames names) {
    boolean terminations = config.deployment().terminateHook();
    Map<LaunchPattern, Builder> builders = new LinkedHashMap<>();
    for (NodeGroup group : config.nodeGroups()) {
      LaunchPattern kind = kind(group, terminations);
      Builder builder = builders.computeIfAbsent(kind, Builder::new);
      names.of(group).forEach(name -> builder.add(name, characters(group, name)));
    }
    return builders.values().stream().flatMap(builder -> builder.patterns().stream()).toList();
  }

  /** The pattern as EventBridge takes it. */
  public Map<String, Object> detail() {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("AutoScalingGroupName", groups);
    if (!hooks.isEmpty()) {
      detail.put("LifecycleHookName", hooks);
    }
    return detail;
  }

  /** What all groups of such a hook have in common. */
  private static LaunchPattern kind(NodeGroup group, boolean terminations) {
    return switch (group.lifecycleHook()) {
      case CreateHook() ->
          terminations
              ? new LaunchPattern(
                  List.of(LAUNCH, TERMINATE),
                  List.of(),
                  List.of(NodeGroup.LAUNCH_HOOK, NodeGroup.TERMINATE_HOOK))
              : new LaunchPattern(List.of(LAUNCH), List.of(), List.of(NodeGroup.LAUNCH_HOOK));
      case ExistingHook(String name) ->
          new LaunchPattern(List.of(LAUNCH), List.of(), List.of(name));
      case ObserveHook() -> new LaunchPattern(List.of(LAUNCH), List.of(), List.of());
    };
  }

  /** Length of a name; that of a managed node group is a token here, and has a known form. */
  private static int characters(NodeGroup group, String name) {
    return group.membership() instanceof EksManagedNodegroup managed
        ? "eks-".length() + managed.nodegroup().length() + "-".length() + UUID_CHARACTERS
        : name.length();
  }

  /** Characters of the pattern without groups. */
  private int characters() {
    return "{\"source\":[\"aws.autoscaling\"],\"detail-type\":[],\"detail\":{\"AutoScalingGroupName\":[]}}"
            .length()
        + inList(detailTypes)
        + (hooks.isEmpty() ? 0 : ",\"LifecycleHookName\":[]".length() + inList(hooks));
  }

  private static int inList(List<String> texts) {
    return texts.stream().mapToInt(text -> inList(text.length())).sum();
  }

  /**
   * A text of a list, with its quotes and comma. A name may hold quotes and backslashes, which take
   * two characters each; the sum of all is only right where it is never too low.
   */
  private static int inList(int characters) {
    return characters + 3;
  }

  private static final class Builder {
    private final LaunchPattern kind;
    private final List<LaunchPattern> done = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private int characters;

    Builder(LaunchPattern kind) {
      this.kind = kind;
      characters = kind.characters();
    }

    void add(String name, int length) {
      int more = inList(length) + (int) name.chars().filter(c -> c == '"' || c == '\\').count();
      if (!groups.isEmpty() && characters + more > MOST_CHARACTERS) {
        close();
      }
      groups.add(name);
      characters += more;
    }

    List<LaunchPattern> patterns() {
      if (!groups.isEmpty()) {
        close();
      }
      return done;
    }

    private void close() {
      done.add(new LaunchPattern(kind.detailTypes, groups, kind.hooks));
      groups.clear();
      characters = kind.characters();
    }
  }
}
