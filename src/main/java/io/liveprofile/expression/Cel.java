package io.liveprofile.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.liveprofile.config.ConfigNode;

/** The dialect of all expressions over events and statistics: standard CEL with its string and math extensions. */
final class Cel {
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableTimestampEpoch(true)
            .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(CelExtensions.strings(), CelExtensions.math(OPTIONS))
            .build();

    private Cel() {}

    static CelCompilerBuilder compiler() {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.strings(), CelExtensions.math(OPTIONS));
    }

    /**
     * An expression whose type is known to be {@code type}: CEL takes one of the type dyn for any other until it runs.
     *
     * @param names what the expression may use, told when it does not compile
     */
    static CelAbstractSyntaxTree compile(CelCompiler compiler, CelType type, ConfigNode node, String names) {
        CelAbstractSyntaxTree ast;
        try {
            ast = compiler.compile(node.text()).getAst();
        } catch (CelValidationException e) {
            throw node.error("no valid CEL expression: " + e.getErrors().get(0).getMessage() + "; allowed: " + names);
        }
        if (!ast.getResultType().equals(type)) {
            throw node.error("no valid CEL expression: expected type '" + type.name() + "' but found '"
                    + ast.getResultType().name()
                    + "': no dyn(), and no choice or list of different types; allowed: " + names);
        }
        return ast;
    }

    static CelRuntime.Program program(CelAbstractSyntaxTree ast, ConfigNode node) {
        try {
            return RUNTIME.createProgram(ast);
        } catch (CelEvaluationException e) {
            throw node.error("cannot be compiled: " + e.getMessage());
        }
    }
}
