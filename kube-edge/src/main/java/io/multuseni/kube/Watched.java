// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;
import java.util.function.Function;

/**
 * An object in a watch, as fabric8 wants it: with metadata, which holds where the watch goes on.
 * Whatever else is in it, it can be read, so that no object ends a watch.
 */
abstract sealed class Watched implements HasMetadata {
  private final transient ObjectNode parts;
  private ObjectMeta metadata = new ObjectMeta();

  private Watched(ObjectNode parts) {
    this.parts = parts;
    metadata.setNamespace(KubeObjects.namespace(parts));
    metadata.setName(KubeObjects.name(parts));
    metadata.setResourceVersion(parts.path("metadata").path("resourceVersion").asText(""));
  }

  /** What was wanted of it. */
  ObjectNode parts() {
    return parts;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
  }

  @Override
  public void setApiVersion(String version) {
    // It follows from the class.
  }

  /** An IPPool. */
  @Group("whereabouts.cni.cncf.io")
  @Version("v1alpha1")
  @Kind("IPPool")
  @Plural("ippools")
  @JsonDeserialize(using = Pool.Parts.class)
  static final class Pool extends Watched {
    private Pool(ObjectNode parts) {
      super(parts);
    }

    static final class Parts extends PartsReader<Pool> {
      Parts() {
        super(Pool.class, KubeObjects.POOL, Pool::new);
      }
    }
  }

  /** An OverlappingRangeIPReservation. */
  @Group("whereabouts.cni.cncf.io")
  @Version("v1alpha1")
  @Kind("OverlappingRangeIPReservation")
  @Plural("overlappingrangeipreservations")
  @JsonDeserialize(using = Overlap.Parts.class)
  static final class Overlap extends Watched {
    private Overlap(ObjectNode parts) {
      super(parts);
    }

    static final class Parts extends PartsReader<Overlap> {
      Parts() {
        super(Overlap.class, KubeObjects.OVERLAP, Overlap::new);
      }
    }
  }

  /** A pod. */
  @Group("")
  @Version("v1")
  @Kind("Pod")
  @Plural("pods")
  @JsonDeserialize(using = Pod.Parts.class)
  static final class Pod extends Watched {
    private Pod(ObjectNode parts) {
      super(parts);
    }

    static final class Parts extends PartsReader<Pod> {
      Parts() {
        super(Pod.class, KubeObjects.POD, Pod::new);
      }
    }
  }

  /** A node. */
  @Group("")
  @Version("v1")
  @Kind("Node")
  @Plural("nodes")
  @JsonDeserialize(using = Node.Parts.class)
  static final class Node extends Watched {
    private Node(ObjectNode parts) {
      super(parts);
    }

    static final class Parts extends PartsReader<Node> {
      Parts() {
        super(Node.class, KubeObjects.NODE, Node::new);
      }
    }
  }

  /** Reads the wanted parts. */
  abstract static class PartsReader<T extends Watched> extends StdDeserializer<T> {
    private final transient Wanted wanted;
    private final transient Function<ObjectNode, T> maker;

    PartsReader(Class<T> type, Wanted wanted, Function<ObjectNode, T> maker) {
      super(type);
      this.wanted = wanted;
      this.maker = maker;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return maker.apply(wanted.read(parser));
    }
  }
}
