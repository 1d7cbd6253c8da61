// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.IpAddress;
import java.util.List;

/** One call that changes the addresses of one network interface; all addresses of one family. */
public sealed interface Step {
  /** The interface. */
  String networkInterfaceId();

  /** The addresses, in order, at least one. */
  List<IpAddress> addresses();

  /** The same for fewer addresses. */
  Step withAddresses(List<IpAddress> fewer);

  /**
   * Gives an interface addresses that no interface of ours has.
   *
   * @param networkInterfaceId the interface
   * @param addresses the addresses
   */
  record Assign(String networkInterfaceId, List<IpAddress> addresses) implements Step {
    /** Copies the list. */
    public Assign {
      addresses = List.copyOf(addresses);
    }

    @Override
    public Assign withAddresses(List<IpAddress> fewer) {
      return new Assign(networkInterfaceId, fewer);
    }
  }

  /**
   * Takes IPv4 addresses over from other interfaces of ours, in one call without a gap.
   *
   * @param networkInterfaceId the interface that gets them
   * @param addresses the addresses; each is a secondary address of an interface of ours
   */
  record TakeOver(String networkInterfaceId, List<IpAddress> addresses) implements Step {
    /** Copies the list. */
    public TakeOver {
      addresses = List.copyOf(addresses);
    }

    @Override
    public TakeOver withAddresses(List<IpAddress> fewer) {
      return new TakeOver(networkInterfaceId, fewer);
    }
  }

  /**
   * Takes addresses away from an interface.
   *
   * @param networkInterfaceId the interface
   * @param addresses the addresses
   * @param cause why
   */
  record Release(String networkInterfaceId, List<IpAddress> addresses, Cause cause)
      implements Step {
    /** Copies the list. */
    public Release {
      addresses = List.copyOf(addresses);
    }

    @Override
    public Release withAddresses(List<IpAddress> fewer) {
      return new Release(networkInterfaceId, fewer, cause);
    }

    /** Why addresses are taken away. */
    public enum Cause {
      /** Nobody reserves them. */
      STALE,
      /** Nobody reserves them, and the full interface needs the room now. */
      ROOM,
      /** They go to another interface, and can't be taken over from there. */
      MOVE
    }
  }
}
