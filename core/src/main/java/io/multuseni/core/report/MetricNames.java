// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.report;

/**
 * Names of the CloudWatch metrics, of their namespace and their dimensions: the functions write
 * them, and the deployment's alarms and dashboard read them.
 */
public final class MetricNames {
  /** Namespace of all. */
  public static final String NAMESPACE = "multus-eni";

  /** Dimension of all: the cluster's name. */
  public static final String CLUSTER = "Cluster";

  /** Further dimension of those by reason. */
  public static final String REASON = "Reason";

  /** Nodes whose launch ended well. */
  public static final String NODES_READY = "NodesReady";

  /** From the launch event to CONTINUE, in seconds. */
  public static final String SECONDS_TO_CONTINUE = "SecondsToContinue";

  /** Interfaces that were made. */
  public static final String INTERFACES_CREATED = "InterfacesCreated";

  /** Launches that were ABANDONed. */
  public static final String ABANDONS = "Abandons";

  /** The same, with the dimension {@link #REASON}. */
  public static final String ABANDONS_BY_REASON = "AbandonsByReason";

  /** Launches that are tried once more. */
  public static final String RETRIES = "Retries";

  /** Calls that AWS throttled, of all functions. */
  public static final String THROTTLES = "Throttles";

  /**
   * Runs that went by an older copy of the configuration, since it can't be read again; of all
   * functions.
   */
  public static final String CONFIGURATION_STALE = "ConfigurationStale";

  /** What the sweep put right. */
  public static final String SWEEP_REPAIRS = "SweepRepairs";

  /** Node groups whose launches are held back. */
  public static final String LAUNCHES_HELD = "LaunchesHeld";

  /** What the sweep found and leaves to people. */
  public static final String FINDINGS = "Findings";

  /** Addresses that an interface got. */
  public static final String ADDRESSES_ASSIGNED = "AddressesAssigned";

  /** Addresses that went from one interface to another. */
  public static final String ADDRESSES_MOVED = "AddressesMoved";

  /** Addresses that nobody reserves any more, released. */
  public static final String ADDRESSES_RELEASED = "AddressesReleased";

  /** The same, still within their grace. */
  public static final String ADDRESSES_PENDING_RELEASE = "AddressesPendingRelease";

  /** Reservations that could not be served. */
  public static final String ADDRESSES_UNPLACED = "AddressesUnplaced";

  /** The same, with the dimension {@link #REASON}. */
  public static final String UNPLACED_BY_REASON = "UnplacedByReason";

  /** Reserved addresses that were in their place already. */
  public static final String ADDRESSES_KEPT = "AddressesKept";

  /** Parts of a run in which nothing was released, since something looked wrong. */
  public static final String RELEASE_GUARD_TRIPPED = "ReleaseGuardTripped";

  /** What the next run has to try again. */
  public static final String RECONCILE_UNFINISHED = "ReconcileUnfinished";

  /** Kubernetes objects that could not be read. */
  public static final String RECONCILE_PROBLEMS = "ReconcileProblems";

  /** Addresses that are not as they should be at the end. */
  public static final String DRIFT = "Drift";

  /** Passes that read and compared everything; 0 for one that could not. */
  public static final String RECONCILE_PASSES = "ReconcilePasses";

  /** Duration of a pass, in seconds. */
  public static final String RECONCILE_SECONDS = "ReconcileSeconds";

  private MetricNames() {}
}
