// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

/** Why a reservation can't be served, each with what to do about it. */
public enum UnplacedReason {
  /** The reservation names a pod that doesn't exist. */
  POD_GONE(
      "the pod doesn't exist; whereabouts frees the reservation when its own reconciler runs",
      false),
  /** The pod's containers have ended. */
  POD_FINISHED("the pod has finished; delete it, or wait for whereabouts to free it", false),
  /** Another reservation of the same pod is the one that it uses. */
  SUPERSEDED(
      "the pod's network-status shows another reserved address for this interface; whereabouts frees"
          + " this one when its own reconciler runs",
      false),
  /** The pod has no node yet. */
  POD_NOT_SCHEDULED("the pod is not scheduled; its node decides the network interface", false),
  /** The pod's node is no longer in the cluster. */
  NODE_GONE("the pod's node is no longer in the cluster", false),
  /** The node's instance is not known. */
  NODE_WITHOUT_INSTANCE(
      "the pod's node names no EC2 instance in spec.providerID; if it stays so, the cloud controller"
          + " doesn't know the node",
      true),
  /** The node has no network interface of this cluster. */
  NODE_NOT_OURS(
      "the pod's node has no network interface of this cluster: let it be provisioned (backfill), or"
          + " keep the pod off such nodes",
      true),
  /** No network interface of the node fits. */
  NO_INTERFACE(
      "no network interface of the node fits: run the pod on nodes that have the network, or correct"
          + " the definition or the pool's range",
      true),
  /** Several network interfaces fit. */
  AMBIGUOUS_INTERFACE(
      "several network interfaces of the node are in the address's subnet, and nothing tells which"
          + " one the pod sends through: name master or pciBusID in the definition",
      true),
  /** The pod's network interface is in another subnet. */
  OUTSIDE_SUBNET(
      "the pod's network interface is in a subnet that doesn't hold the address: give each subnet a"
          + " pool and a definition of its own",
      true),
  /** AWS keeps the address for itself. */
  RESERVED_BY_AWS(
      "AWS keeps the first four addresses of a subnet and the last: exclude them from the pool",
      true),
  /** The address is the primary one of a network interface. */
  PRIMARY_ADDRESS(
      "the address is the primary one of a network interface and can't be moved: exclude it from the"
          + " pool, and keep the pool's range out of EC2's choice with a CIDR reservation",
      true),
  /** Pods on several network interfaces claim the address. */
  CONFLICT("pods on different network interfaces claim the address: delete one of them", true),
  /** The pool's definition excludes the address. */
  NOT_MANAGED(
      "the definition excludes the address, so it is never touched: recreate the pod, or end the"
          + " exclusion",
      true),
  /** The network interface holds no more addresses. */
  INTERFACE_FULL(
      "the network interface holds as many addresses as its instance type allows: use a larger type,"
          + " or fewer pods per node",
      true),
  /** The address is on a network interface that isn't ours. */
  FOREIGN_HOLDER(
      "the address is on a network interface that isn't this cluster's: take it from there, or exclude"
          + " it from the pool",
      true),
  /** EC2 refuses the address. */
  REFUSED("EC2 refuses it: mend what EC2 names, or exclude the address from the pool", true);

  private final String message;
  private final boolean fault;

  UnplacedReason(String message, boolean fault) {
    this.message = message;
    this.fault = fault;
  }

  /** What it means and what to do. */
  public String message() {
    return message;
  }

  /** Whether a living pod waits for the address; where not, nothing is amiss. */
  public boolean isFault() {
    return fault;
  }
}
