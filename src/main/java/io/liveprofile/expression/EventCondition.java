package io.liveprofile.expression;

import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import java.util.Map;

/** A condition on an event in CEL, such as {@code event.amountMinor >= 10000 && event.channel == 'app'}. Thread-safe. */
public final class EventCondition {
    private static final String EVENT = "event";
    private static final CelCompiler COMPILER = Cel.compiler()
            .setTypeProvider(EventFields.PROVIDER)
            .addVar(EVENT, EventFields.TYPE)
            .setResultType(SimpleType.BOOL)
            .build();

    private final String text;
    private final CelRuntime.Program program;

    private EventCondition(String text, CelRuntime.Program program) {
        this.text = text;
        this.program = program;
    }

    /** Compiles and checks the expression; an unknown field or a comparison of wrong types is an error of the file. */
    public static EventCondition read(ConfigNode node) {
        return new EventCondition(node.text(), Cel.program(
                Cel.compile(COMPILER, node, "event. with " + EventFields.listed() + "; a number with a point is a double"),
                node));
    }

    public String text() {
        return text;
    }

    /** @throws ExpressionFailedException when it has no value for this event, such as where a field is missing */
    public boolean holds(BehaviorEvent event) throws ExpressionFailedException {
        try {
            return (Boolean) program.eval(Map.of(EVENT, EventFields.view(event)));
        } catch (CelEvaluationException e) { // its message may quote the event
            throw new ExpressionFailedException(text);
        }
    }
}
