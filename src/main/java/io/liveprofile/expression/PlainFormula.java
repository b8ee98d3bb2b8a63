package io.liveprofile.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;

/**
 * Formulas of names, constants, {@code + - * /} and {@code ?:} over comparisons as plain Java: tens of nanoseconds where the
 * interpreter takes most of a microsecond. CEL has checked the expression before; anything else is left to it.
 */
interface PlainFormula {
    double of(IntToDoubleFunction numbers);

    /** A condition inside a formula. */
    interface Test {
        boolean holds(IntToDoubleFunction numbers);
    }

    /** @param positions of the names among the numbers */
    static Optional<PlainFormula> of(CelExpr checked, Map<String, Integer> positions) {
        return Optional.ofNullable(new Reader(positions).number(checked));
    }

    /** Each method gives null for what it does not know. */
    final class Reader {
        private final Map<String, Integer> positions;

        private Reader(Map<String, Integer> positions) {
            this.positions = positions;
        }

        private PlainFormula number(CelExpr expr) {
            if (expr.getKind() == Kind.CONSTANT && expr.constant().getKind() == CelConstant.Kind.DOUBLE_VALUE) {
                double value = expr.constant().doubleValue();
                return numbers -> value;
            }
            if (expr.getKind() == Kind.IDENT && positions.containsKey(expr.ident().name())) {
                int position = positions.get(expr.ident().name());
                return numbers -> numbers.applyAsDouble(position);
            }
            if (expr.getKind() != Kind.CALL) {
                return null;
            }
            List<CelExpr> args = expr.call().args();
            return switch (expr.call().function()) {
                case "_+_" -> both(args, (a, b) -> a + b);
                case "_-_" -> both(args, (a, b) -> a - b);
                case "_*_" -> both(args, (a, b) -> a * b);
                case "_/_" -> both(args, (a, b) -> a / b);
                case "-_" -> negative(number(args.get(0)));
                case "_?_:_" -> choice(test(args.get(0)), number(args.get(1)), number(args.get(2)));
                default -> null;
            };
        }

        private PlainFormula both(List<CelExpr> args, DoubleBinaryOperator operator) {
            PlainFormula left = number(args.get(0));
            PlainFormula right = number(args.get(1));
            return left == null || right == null
                    ? null
                    : numbers -> operator.applyAsDouble(left.of(numbers), right.of(numbers));
        }

        private static PlainFormula negative(PlainFormula of) {
            return of == null ? null : numbers -> -of.of(numbers);
        }

        private static PlainFormula choice(Test test, PlainFormula yes, PlainFormula no) {
            return test == null || yes == null || no == null
                    ? null
                    : numbers -> test.holds(numbers) ? yes.of(numbers) : no.of(numbers);
        }

        private Test test(CelExpr expr) {
            if (expr.getKind() != Kind.CALL || expr.call().args().size() != 2) {
                return null;
            }
            CelExpr first = expr.call().args().get(0);
            CelExpr second = expr.call().args().get(1);
            switch (expr.call().function()) {
                case "_&&_", "_||_" -> {
                    Test a = test(first);
                    Test b = test(second);
                    if (a == null || b == null) {
                        return null;
                    }
                    return expr.call().function().equals("_&&_")
                            ? numbers -> a.holds(numbers) && b.holds(numbers)
                            : numbers -> a.holds(numbers) || b.holds(numbers);
                }
                default -> {
                    return comparison(expr.call().function(), number(first), number(second));
                }
            }
        }

        private static Test comparison(String function, PlainFormula a, PlainFormula b) {
            if (a == null || b == null) {
                return null;
            }
            return switch (function) {
                case "_>_" -> numbers -> a.of(numbers) > b.of(numbers);
                case "_>=_" -> numbers -> a.of(numbers) >= b.of(numbers);
                case "_<_" -> numbers -> a.of(numbers) < b.of(numbers);
                case "_<=_" -> numbers -> a.of(numbers) <= b.of(numbers);
                case "_==_" -> numbers -> a.of(numbers) == b.of(numbers);
                case "_!=_" -> numbers -> a.of(numbers) != b.of(numbers);
                default -> null;
            };
        }
    }
}
