package io.liveprofile.ingest;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import io.liveprofile.expression.CelTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Conditions made only of {@code == != in startsWith endsWith contains && || !} on columns and quoted texts, as plain
 * Java: tens of nanoseconds a row where the interpreter takes about a microsecond. The expression has been checked by
 * CEL before; anything else is left to the interpreter. None of these operations can fail, so the order in which
 * {@code &&} and {@code ||} look at their sides does not matter.
 */
final class PlainCondition {
    private final ToIntFunction<CelExpr> columnOf;

    private PlainCondition(ToIntFunction<CelExpr> columnOf) {
        this.columnOf = columnOf;
    }

    /** {@code columnOf} gives the index of the column that an expression reads, or -1. */
    static Optional<MappingCondition> of(CelExpr checked, ToIntFunction<CelExpr> columnOf) {
        return Optional.ofNullable(new PlainCondition(columnOf).condition(checked));
    }

    private MappingCondition condition(CelExpr expr) {
        if (expr.getKind() != Kind.CALL) {
            return null;
        }
        List<CelExpr> args = new ArrayList<>(expr.call().args());
        expr.call().target().ifPresent(target -> args.add(0, target));
        return switch (expr.call().function()) {
            case "_&&_" -> both(condition(args.get(0)), condition(args.get(1)));
            case "_||_" -> either(condition(args.get(0)), condition(args.get(1)));
            case "!_" -> not(condition(args.get(0)));
            case "_==_" -> equality(args.get(0), args.get(1));
            case "_!=_" -> not(equality(args.get(0), args.get(1)));
            case "@in" -> membership(args.get(0), args.get(1));
            case "startsWith" -> textTest(args, (text, part) -> text.startsWith(part));
            case "endsWith" -> textTest(args, (text, part) -> text.endsWith(part));
            case "contains" -> textTest(args, (text, part) -> text.contains(part));
            default -> null;
        };
    }

    private static MappingCondition both(MappingCondition a, MappingCondition b) {
        return a == null || b == null ? null : row -> a.holds(row) && b.holds(row);
    }

    private static MappingCondition either(MappingCondition a, MappingCondition b) {
        return a == null || b == null ? null : row -> a.holds(row) || b.holds(row);
    }

    private static MappingCondition not(MappingCondition a) {
        return a == null ? null : row -> !a.holds(row);
    }

    private MappingCondition equality(CelExpr left, CelExpr right) {
        String text = CelTexts.of(right);
        if (text != null) {
            return columnTest(left, text::equals);
        }
        int a = columnOf.applyAsInt(left);
        int b = columnOf.applyAsInt(right);
        return a < 0 || b < 0 ? null : row -> row.value(a).equals(row.value(b));
    }

    private MappingCondition membership(CelExpr column, CelExpr list) {
        Set<String> texts = CelTexts.listedIn(list);
        return texts == null ? null : columnTest(column, texts::contains);
    }

    private MappingCondition textTest(List<CelExpr> args, BiPredicate<String, String> test) {
        String part = CelTexts.of(args.get(1));
        return part == null ? null : columnTest(args.get(0), text -> test.test(text, part));
    }

    private MappingCondition columnTest(CelExpr column, Predicate<String> test) {
        int index = columnOf.applyAsInt(column);
        return index < 0 ? null : row -> test.test(row.value(index));
    }
}
