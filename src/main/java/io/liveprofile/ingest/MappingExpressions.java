package io.liveprofile.ingest;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.expression.CelTexts;
import java.util.Map;
import java.util.Optional;

/**
 * CEL expressions over {@code row.COLUMN}, each compiled and type-checked once; every column is a text. Plain comparisons
 * run without the CEL interpreter (see {@link PlainCondition}) and give the same answer.
 */
final class MappingExpressions {
    private static final String ROW = "row";
    private static final MapType ROW_TYPE = MapType.create(SimpleType.STRING, SimpleType.STRING);
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().addLibraries(CelExtensions.strings()).build();
    private static final CelCompiler CONDITIONS = compiler(SimpleType.BOOL);
    private static final CelCompiler TEXTS = compiler(SimpleType.STRING);

    private final MappingColumns columns;

    MappingExpressions(MappingColumns columns) {
        this.columns = columns;
    }

    /** Compiles {@code node} to a condition; {@code rule} is named when a row breaks it. */
    MappingCondition condition(ConfigNode node, String rule) {
        CelAbstractSyntaxTree ast = compile(CONDITIONS, SimpleType.BOOL, node);
        Optional<MappingCondition> plain = PlainCondition.of(ast.getExpr(), this::columnOf);
        if (plain.isPresent()) {
            return plain.get();
        }
        CelRuntime.Program program = program(ast, node);
        return row -> evaluate(program, Boolean.class, row, rule);
    }

    /** Compiles {@code node} to a text; an empty result is absent. */
    MappingText text(ConfigNode node, String what) {
        CelRuntime.Program program = program(compile(TEXTS, SimpleType.STRING, node), node);
        return row -> {
            String text = evaluate(program, String.class, row, what);
            return text.isEmpty() ? null : text;
        };
    }

    private static <T> T evaluate(CelRuntime.Program program, Class<T> type, MappingRow row, String what)
            throws RejectedRecordException {
        try {
            return type.cast(program.eval(Map.of(ROW, row.asMap())));
        } catch (CelEvaluationException | RuntimeException e) { // its message may quote the row
            throw new RejectedRecordException("condition-failed", what + ": the expression has no value for this row");
        }
    }

    private CelAbstractSyntaxTree compile(CelCompiler compiler, CelType type, ConfigNode node) {
        CelAbstractSyntaxTree ast;
        try {
            ast = compiler.compile(node.text()).getAst();
        } catch (CelValidationException e) {
            throw node.error("not a CEL expression of the right type: " + e.getErrors().get(0).getMessage());
        }
        if (!ast.getResultType().equals(type)) {
            throw node.error("not a CEL expression of the right type: expected type '" + type.name() + "' but found '"
                    + ast.getResultType().name() + "'");
        }
        CelNavigableAst.fromAst(ast).getRoot().allNodes()
                .filter(n -> n.getKind() == Kind.IDENT && n.expr().ident().name().equals(ROW))
                .forEach(n -> checkColumn(n, node));
        return ast;
    }

    private void checkColumn(CelNavigableExpr rowIdent, ConfigNode node) {
        String name = rowIdent.parent().map(p -> columnName(p.expr())).orElse(null);
        if (name == null) {
            throw node.error("row can only be used as row.COLUMN or row['COLUMN']");
        }
        if (columns.indexOf(name) < 0) {
            throw node.error("unknown column '" + name + "'; columns: " + columns.listed());
        }
    }

    /** Index of the column that the expression reads, or -1 when it is anything but a column. */
    private int columnOf(CelExpr expr) {
        String name = columnName(expr);
        return name == null ? -1 : columns.indexOf(name);
    }

    private static String columnName(CelExpr expr) {
        if (expr.getKind() == Kind.SELECT) {
            return !expr.select().testOnly() && isRow(expr.select().operand()) ? expr.select().field() : null;
        }
        if (expr.getKind() == Kind.CALL && expr.call().function().equals("_[_]") && isRow(expr.call().args().get(0))) {
            return CelTexts.of(expr.call().args().get(1));
        }
        return null;
    }

    private static boolean isRow(CelExpr expr) {
        return expr.getKind() == Kind.IDENT && expr.ident().name().equals(ROW);
    }

    private static CelRuntime.Program program(CelAbstractSyntaxTree ast, ConfigNode node) {
        try {
            return RUNTIME.createProgram(ast);
        } catch (CelEvaluationException e) {
            throw new ConfigException(node.error("cannot be compiled").getMessage(), e);
        }
    }

    private static CelCompiler compiler(CelType result) {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.strings())
                .addVar(ROW, ROW_TYPE)
                .setResultType(result)
                .build();
    }
}
