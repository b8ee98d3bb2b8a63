package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What alert rules and dashboards ask Prometheus for. */
public final class DeployedExpressions {
    static final Path ALERTS = Path.of("deploy/prometheus/alerts.yaml");
    static final List<Path> DASHBOARDS =
            List.of(Path.of("deploy/grafana/dashboards/profile-job.json"), Path.of("deploy/grafana/dashboards/learning.json"));
    static final Pattern GROUPING = Pattern.compile("\\b(by|on|without|ignoring) \\(([^)]*)\\)");

    private static final Pattern OFFSET = Pattern.compile(" offset [0-9]+[a-z]");
    private static final Pattern LABELS = Pattern.compile("\\{[^}]*}");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless");
    private static final Set<String> FUNCTIONS = Set.of("sum", "max", "absent", "rate", "increase", "delta", "deriv", "changes",
            "clamp_min", "min_over_time", "max_over_time", "last_over_time");

    private DeployedExpressions() {}

    /** Names of all metrics that somebody asks for, but those that the rules record themselves. */
    public static Set<String> metrics() {
        Set<String> asked = new TreeSet<>();
        rules().forEach(rule -> asked.addAll(metrics(rule.get("expr").asText())));
        DASHBOARDS.forEach(board -> of(board).forEach(expression -> asked.addAll(metrics(expression))));
        rules().stream().filter(rule -> rule.has("record")).forEach(rule -> asked.remove(rule.get("record").asText()));
        return asked;
    }

    /** Names of the metrics in an expression: what is left without labels, ranges, groupings, functions and numbers. */
    static Set<String> metrics(String expression) {
        String bare = OFFSET.matcher(GROUPING.matcher(LABELS.matcher(expression).replaceAll("")).replaceAll("")).replaceAll("")
                .replaceAll("\\[[^]]*]", "");
        Set<String> names = new TreeSet<>();
        WORD.matcher(bare).results().forEach(word -> {
            boolean isCalled = bare.substring(word.end()).stripLeading().startsWith("(");
            if (isCalled && !OPERATORS.contains(word.group())) {
                assertThat(word.group()).as(expression).isIn(FUNCTIONS);
            } else if (!isCalled && !OPERATORS.contains(word.group())) {
                names.add(word.group());
            }
        });
        return names;
    }

    static List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        DeployFiles.document(ALERTS).get("groups").forEach(group -> group.get("rules").forEach(rules::add));
        return rules;
    }

    static List<String> of(Path dashboard) {
        List<String> expressions = new ArrayList<>();
        DeployFiles.document(dashboard).get("panels").forEach(panel -> panel.path("targets")
                .forEach(target -> expressions.add(target.get("expr").asText())));
        return expressions;
    }
}
