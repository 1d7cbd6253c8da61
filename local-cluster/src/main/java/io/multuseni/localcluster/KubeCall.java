// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

/**
 * One request that reached the cluster.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code
 *     patch}, {@code delete} or {@code deletecollection}; for a path that is no resource the HTTP
 *     method in lower case
 * @param resource plural of the type, or the path itself if it is no resource
 * @param namespace empty for all of them or none
 * @param name empty for all objects
 * @param page page of a list, from 1
 * @param status HTTP status it was answered with; 0 if its connection was closed without an answer,
 *     101 for a watch over WebSocket
 * @param bytes size of the answer's body; 0 for a watch
 * @param uri path and query as sent
 */
public record KubeCall(
    String verb,
    String resource,
    String namespace,
    String name,
    int page,
    int status,
    long bytes,
    String uri) {}
