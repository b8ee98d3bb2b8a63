package io.liveprofile.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import io.liveprofile.event.BehaviorEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Conditions made of {@code && || !}, {@code has}, {@code == != in} on texts and comparisons with numbers as plain Java: tens
 * of nanoseconds where the interpreter takes more than a microsecond. CEL has checked the expression before; anything else
 * is left to it.
 *
 * <p>As in CEL, a missing field has no value, {@code false && nothing} is false and {@code true || nothing} is true, on
 * either side.
 */
interface PlainEventCondition {
    int NO = 0;
    int YES = 1;
    /** There is no value. */
    int NOTHING = -1;

    int of(BehaviorEvent event);

    static Optional<PlainEventCondition> of(CelExpr checked) {
        return Optional.ofNullable(Reader.condition(checked));
    }

    /** Each method gives null for what it does not know. */
    final class Reader {
        private static final double MAX_EXACT = 1L << 53;

        private Reader() {}

        private static PlainEventCondition condition(CelExpr expr) {
            if (expr.getKind() == Kind.SELECT && expr.select().testOnly() && isEvent(expr.select().operand())) {
                Function<BehaviorEvent, Object> field = EventFields.field(expr.select().field());
                return event -> field.apply(event) != null ? YES : NO;
            }
            if (expr.getKind() != Kind.CALL) {
                return null;
            }
            List<CelExpr> args = expr.call().args();
            return switch (expr.call().function()) {
                case "_&&_" -> both(condition(args.get(0)), condition(args.get(1)));
                case "_||_" -> either(condition(args.get(0)), condition(args.get(1)));
                case "!_" -> not(condition(args.get(0)));
                case "_==_" -> equality(args.get(0), args.get(1));
                case "_!=_" -> not(equality(args.get(0), args.get(1)));
                case "@in" -> membership(args.get(0), args.get(1));
                case "_>_" -> comparison(args, bound -> value -> value > bound);
                case "_>=_" -> comparison(args, bound -> value -> value >= bound);
                case "_<_" -> comparison(args, bound -> value -> value < bound);
                case "_<=_" -> comparison(args, bound -> value -> value <= bound);
                default -> null;
            };
        }

        private static PlainEventCondition both(PlainEventCondition a, PlainEventCondition b) {
            return a == null || b == null ? null : event -> {
                int first = a.of(event);
                return first == NO ? NO : and(first, b.of(event));
            };
        }

        private static int and(int first, int second) {
            return second == NO ? NO : first == NOTHING ? NOTHING : second;
        }

        private static PlainEventCondition either(PlainEventCondition a, PlainEventCondition b) {
            return not(both(not(a), not(b)));
        }

        private static PlainEventCondition not(PlainEventCondition a) {
            return a == null ? null : event -> {
                int value = a.of(event);
                return value == NOTHING ? NOTHING : YES - value;
            };
        }

        private static PlainEventCondition equality(CelExpr left, CelExpr right) {
            String text = CelTexts.of(right);
            if (text != null) {
                return textTest(left, text::equals);
            }
            Double number = numberOf(right);
            return number == null ? null : numberTest(left, value -> value == number);
        }

        private static PlainEventCondition membership(CelExpr field, CelExpr list) {
            Set<String> texts = CelTexts.listedIn(list);
            return texts == null ? null : textTest(field, texts::contains);
        }

        private static PlainEventCondition comparison(List<CelExpr> args, Function<Double, DoublePredicate> with) {
            Double bound = numberOf(args.get(1));
            return bound == null ? null : numberTest(args.get(0), with.apply(bound));
        }

        private static PlainEventCondition textTest(CelExpr expr, Predicate<String> test) {
            Function<BehaviorEvent, Object> field = fieldOf(expr);
            return field == null ? null : event -> {
                Object value = field.apply(event);
                return value == null ? NOTHING : value instanceof String text && test.test(text) ? YES : NO;
            };
        }

        /** Whole numbers beyond what a double holds exactly compare as their doubles do, but for the last few units. */
        private static PlainEventCondition numberTest(CelExpr expr, DoublePredicate test) {
            Function<BehaviorEvent, Object> field = fieldOf(expr);
            return field == null ? null : event -> {
                Object value = field.apply(event);
                return value == null ? NOTHING : value instanceof Number n && test.test(n.doubleValue()) ? YES : NO;
            };
        }

        /** The field of {@code event.NAME} or the attribute of {@code event.attributes['NAME']} or {@code .NAME}. */
        private static Function<BehaviorEvent, Object> fieldOf(CelExpr expr) {
            if (expr.getKind() == Kind.SELECT && !expr.select().testOnly()) {
                return isEvent(expr.select().operand())
                        ? EventFields.field(expr.select().field())
                        : attribute(expr.select().operand(), expr.select().field());
            }
            if (expr.getKind() == Kind.CALL && expr.call().function().equals("_[_]")) {
                String name = CelTexts.of(expr.call().args().get(1));
                return name == null ? null : attribute(expr.call().args().get(0), name);
            }
            return null;
        }

        private static Function<BehaviorEvent, Object> attribute(CelExpr of, String name) {
            boolean isAttributes = of.getKind() == Kind.SELECT && !of.select().testOnly()
                    && of.select().field().equals("attributes") && isEvent(of.select().operand());
            return isAttributes ? event -> event.getAttributes().get(name) : null;
        }

        private static boolean isEvent(CelExpr expr) {
            return expr.getKind() == Kind.IDENT && expr.ident().name().equals(EventFields.EVENT);
        }

        private static Double numberOf(CelExpr expr) {
            if (expr.getKind() != Kind.CONSTANT) {
                return null;
            }
            return switch (expr.constant().getKind()) {
                case INT64_VALUE -> Math.abs(expr.constant().int64Value()) < MAX_EXACT
                        ? (Double) (double) expr.constant().int64Value() : null;
                case DOUBLE_VALUE -> expr.constant().doubleValue();
                default -> null;
            };
        }
    }
}
