package io.liveprofile.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.liveprofile.config.ConfigNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * A number computed of other numbers in CEL, such as {@code orders_7d / views_7d}. All names are doubles, so constants are
 * written with a point: {@code 100.0}. Thread-safe.
 */
public final class Formula {
    /** The numbers as one evaluation reads them. */
    private static final class Reading implements IntToDoubleFunction {
        private final IntToDoubleFunction numbers;
        /** Whether one that was read is NaN. */
        private boolean isMissing;

        private Reading(IntToDoubleFunction numbers) {
            this.numbers = numbers;
        }

        @Override
        public double applyAsDouble(int position) {
            double number = numbers.applyAsDouble(position);
            isMissing |= Double.isNaN(number);
            return number;
        }
    }

    private final PlainFormula plain;
    private final CelRuntime.Program program;
    /** What the formula reads, by name: where it stands among the numbers. */
    private final Map<String, Integer> used;

    private Formula(PlainFormula plain, CelRuntime.Program program, Map<String, Integer> used) {
        this.plain = plain;
        this.program = program;
        this.used = used;
    }

    /** Compiles and checks the expression against the {@code names} of the numbers it may use, in their order. */
    public static Formula read(ConfigNode node, List<String> names) {
        CelCompilerBuilder compiler = Cel.compiler().setResultType(SimpleType.DOUBLE);
        names.forEach(name -> compiler.addVar(name, SimpleType.DOUBLE));
        CelAbstractSyntaxTree ast = Cel.compile(compiler.build(), SimpleType.DOUBLE, node,
                "statistics such as " + String.join(", ", names.subList(0, Math.min(5, names.size())))
                        + ", which are doubles: write 100.0, not 100");
        Map<String, Integer> used = new HashMap<>();
        CelNavigableAst.fromAst(ast).getRoot().allNodes()
                .filter(part -> part.getKind() == Kind.IDENT)
                .map(part -> part.expr().ident().name())
                .filter(names::contains)
                .forEach(name -> used.put(name, names.indexOf(name)));
        if (used.isEmpty()) {
            throw node.error("reads no statistic");
        }
        return new Formula(PlainFormula.of(ast.getExpr(), used).orElse(null), Cel.program(ast, node), Map.copyOf(used));
    }

    /**
     * Value for the numbers at their positions; NaN when one it reads is NaN. What stands in the branch of a choice that is
     * not taken is not read.
     *
     * @throws ExpressionFailedException when all it reads is there and it has no finite value, such as a division by zero
     */
    public double of(IntToDoubleFunction numbers) throws ExpressionFailedException {
        Reading reading = new Reading(numbers);
        double value;
        try {
            value = plain != null ? plain.of(reading) : interpret(reading);
        } catch (ExpressionFailedException e) {
            value = Double.NaN;
        }
        if (reading.isMissing) {
            return Double.NaN;
        }
        if (!Double.isFinite(value)) {
            throw new ExpressionFailedException("a formula of " + used.keySet());
        }
        return value;
    }

    /** Whether it runs without the interpreter; for tests. */
    boolean isPlain() {
        return plain != null;
    }

    /** What the interpreter says. */
    double interpret(IntToDoubleFunction numbers) throws ExpressionFailedException {
        try {
            return (Double) program.eval(name ->
                    Optional.ofNullable(used.get(name)).map(position -> (Object) numbers.applyAsDouble(position)));
        } catch (CelEvaluationException | RuntimeException e) {
            throw new ExpressionFailedException("a formula of " + used.keySet());
        }
    }
}
