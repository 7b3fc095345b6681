// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the types of hand-made tools mean. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TypeNamesTest {

    @ParameterizedTest
    @CsvSource({
        "int, integer",
        "Int32, integer",
        "int64, integer",
        "LONG, integer",
        "uint8, integer",
        "float, number",
        "float64, number",
        "double, number",
        "decimal, number",
        "str, string",
        "String, string",
        "text, string",
        "char, string",
        "bool, boolean",
        "list, array",
        "tuple, array",
        "set, array",
        "dict, object",
        "map, object",
        "none, null",
        "any, any",
        "date, date",
        "file, file"
    })
    void a_name_of_another_language_is_that_of_json_schema(String name, String usual) {
        assertThat(TypeNames.usual(name)).isEqualTo(usual);
        assertThat(TypeNames.meanAnything(name)).isEqualTo(TypeNames.type(usual).isEmpty());
    }
}
