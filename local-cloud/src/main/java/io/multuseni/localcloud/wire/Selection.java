// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a describe call asks for.
 *
 * @param ids the resources asked for by id; empty means all
 * @param filters each must match
 * @param maxResults page size
 * @param nextToken where the page begins
 */
public record Selection(
    List<String> ids, List<Filter> filters, OptionalInt maxResults, Optional<String> nextToken) {

  /** Copies the lists. */
  public Selection {
    ids = List.copyOf(ids);
    filters = List.copyOf(filters);
  }

  static Selection ofEc2(Params params, String idName) {
    Selection selection =
        new Selection(
            params.list(idName),
            Filter.ofEc2(params),
            params.number("MaxResults"),
            params.text("NextToken"));
    if (!selection.ids.isEmpty() && selection.isPaginated()) {
      throw ApiError.of(
          "InvalidParameterCombination",
          "The parameter " + idName + " cannot be used with the parameter MaxResults");
    }
    return selection;
  }

  static Selection ofAutoScaling(Params params, String idName) {
    return new Selection(
        params.members(idName),
        Filter.ofAutoScaling(params),
        params.number("MaxRecords"),
        params.text("NextToken"));
  }

  /** Whether the call pages through its results. */
  public boolean isPaginated() {
    return maxResults.isPresent() || nextToken.isPresent();
  }

  /**
   * The page size within its bounds.
   *
   * @throws ApiError {@code InvalidParameterValue} outside of them
   */
  public OptionalInt pageSize(int least, int most) {
    if (maxResults.isPresent()) {
      int size = maxResults.getAsInt();
      if (size < least || size > most) {
        throw ApiError.of(
            "InvalidParameterValue",
            "Value ( "
                + size
                + " ) for parameter maxResults is invalid. Expecting a value between "
                + least
                + " and "
                + most
                + ".");
      }
    }
    return maxResults;
  }
}
