// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import java.io.Serial;

/**
 * YAML without its traps: a key written twice is an error, only {@code true} and {@code false} are
 * flags, {@code 0000:00:05.0} is text, and an alias is an error.
 */
final class StrictYamlFactory extends YAMLFactory {
  @Serial private static final long serialVersionUID = 1L;

  StrictYamlFactory() {
    enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
    enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS);
  }

  @Override
  protected YAMLParser _createParser(Reader reader, IOContext context) throws IOException {
    return new YAMLParser(
        context, _parserFeatures, _yamlParserFeatures, _loaderOptions, _objectCodec, reader) {
      @Override
      public JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        if (token != null && isCurrentAlias()) {
          // It would come out as text with the anchor's name: a list of subnets would be lost.
          throw _constructError(
              "the alias *" + getText() + " is not supported here, write its value out");
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT && getText().indexOf(':') >= 0) {
          // YAML 1.1 counts in sixties where colons are, which no number here does.
          return _updateToken(JsonToken.VALUE_STRING);
        }
        return token;
      }
    };
  }
}
