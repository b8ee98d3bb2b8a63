package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.config.ConfigNode;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Conditions run as plain Java give what the CEL interpreter gives. */
class PlainConditionTest {
    private static final MappingColumns COLUMNS = new MappingColumns(List.of("a", "b"));
    private static final MappingExpressions EXPRESSIONS = new MappingExpressions(COLUMNS);
    /** Always true, and nothing that runs as plain Java: sends the whole condition to the interpreter. */
    private static final String INTERPRETED = " && size(row.a) >= 0";

    @Property(tries = 300)
    void agreesWithTheInterpreter(@ForAll("conditions") String condition, @ForAll("values") String a,
            @ForAll("values") String b) throws Exception {
        MappingRow row = new MappingRow(COLUMNS, new String[] {a, b}, 1);
        assertThat(compile(condition).holds(row)).as("%s of '%s', '%s'", condition, a, b)
                .isEqualTo(compile("(" + condition + ")" + INTERPRETED).holds(row));
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of("", "x", "y", "xy", "yx", "0");
    }

    @Provide
    Arbitrary<String> conditions() {
        return conditions(2);
    }

    private Arbitrary<String> conditions(int depth) {
        Arbitrary<String> columns = Arbitraries.of("row.a", "row.b", "row['a']");
        Arbitrary<String> quoted = values().map(v -> "'" + v + "'");
        Arbitrary<String> comparison = Combinators.combine(columns, Arbitraries.of(" == ", " != "),
                Arbitraries.oneOf(quoted, columns)).as((c, operator, v) -> c + operator + v);
        Arbitrary<String> test = Combinators.combine(columns, Arbitraries.of("startsWith", "endsWith", "contains"), quoted)
                .as((c, f, v) -> c + "." + f + "(" + v + ")");
        Arbitrary<String> membership = Combinators.combine(columns, quoted.list().ofMinSize(1).ofMaxSize(3))
                .as((c, list) -> c + " in " + list);
        Arbitrary<String> leaf = Arbitraries.oneOf(comparison, test, membership);
        if (depth == 0) {
            return leaf;
        }
        Arbitrary<String> part = conditions(depth - 1);
        return Arbitraries.oneOf(leaf, part.map(c -> "!(" + c + ")"),
                Combinators.combine(part, Arbitraries.of(" && ", " || "), part)
                        .as((l, operator, r) -> "(" + l + ")" + operator + "(" + r + ")"));
    }

    private static MappingCondition compile(String condition) {
        return EXPRESSIONS.condition(
                ConfigNode.parse("m.yaml", "when: \"" + condition + "\"").get("when"), "rule");
    }
}
