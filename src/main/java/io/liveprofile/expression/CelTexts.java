package io.liveprofile.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.HashSet;
import java.util.Set;

/** The texts that stand in an expression as they are. */
public final class CelTexts {
    private CelTexts() {}

    /** A quoted text; null when the expression is anything else. */
    public static String of(CelExpr expr) {
        return expr.getKind() == Kind.CONSTANT && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? expr.constant().stringValue() : null;
    }

    /** A list of quoted texts; null when the expression is anything else. */
    public static Set<String> listedIn(CelExpr expr) {
        if (expr.getKind() != Kind.LIST) {
            return null;
        }
        Set<String> texts = new HashSet<>();
        for (CelExpr element : expr.list().elements()) {
            String text = of(element);
            if (text == null) {
                return null;
            }
            texts.add(text);
        }
        return texts;
    }
}
