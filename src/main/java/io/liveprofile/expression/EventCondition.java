package io.liveprofile.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import java.util.Map;

/** A condition on an event in CEL, such as {@code event.amountMinor >= 10000 && event.channel == 'app'}. Thread-safe. */
public final class EventCondition {
    private static final CelCompiler COMPILER = Cel.compiler()
            .setTypeProvider(EventFields.PROVIDER)
            .addVar(EventFields.EVENT, EventFields.TYPE)
            .setResultType(SimpleType.BOOL)
            .build();

    private final String text;
    private final PlainEventCondition plain;
    private final CelRuntime.Program program;

    private EventCondition(String text, CelAbstractSyntaxTree ast, ConfigNode node) {
        this.text = text;
        this.plain = PlainEventCondition.of(ast.getExpr()).orElse(null);
        this.program = Cel.program(ast, node);
    }

    /** Compiles and checks the expression; an unknown field or a comparison of wrong types is an error of the file. */
    public static EventCondition read(ConfigNode node) {
        CelAbstractSyntaxTree ast = Cel.compile(COMPILER, SimpleType.BOOL, node, "event. with " + EventFields.listed()
                + "; doubles equal 2.0, not 2");
        return new EventCondition(node.text(), ast, node);
    }

    public String text() {
        return text;
    }

    /** @throws ExpressionFailedException when it has no value for this event, such as where a field is missing */
    public boolean holds(BehaviorEvent event) throws ExpressionFailedException {
        if (plain == null) {
            return interpret(event);
        }
        int value = plain.of(event);
        if (value == PlainEventCondition.NOTHING) {
            throw new ExpressionFailedException(text);
        }
        return value == PlainEventCondition.YES;
    }

    /** Whether it runs without the interpreter; for tests. */
    boolean isPlain() {
        return plain != null;
    }

    /** What the interpreter says. */
    boolean interpret(BehaviorEvent event) throws ExpressionFailedException {
        try {
            return (Boolean) program.eval(Map.of(EventFields.EVENT, EventFields.view(event)));
        } catch (CelEvaluationException | RuntimeException e) { // its message may quote the event
            throw new ExpressionFailedException(text);
        }
    }
}
