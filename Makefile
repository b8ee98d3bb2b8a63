# The front door. `make help` lists what there is.
.DEFAULT_GOAL := help

# Options of `make run`; `make help` explains them.
RATE ?= 1000
DURATION ?=
DATA ?=
MAPPING ?=
SPEED ?= max
KAFKA_PORT ?= 9092
FLINK_PORT ?= 8081
KEEP ?=
LOGS ?= text
USERS ?= 100000
SET ?=
ARGS ?=
ONLY ?=
TOPIC ?=
LAST ?=
WITH ?=
LABELS ?=
OUT ?= target/evaluation
HEAP ?= 2g

# Options of the cluster.
REST_PORT ?= 8081
JOBMANAGER_PORT ?= 6123
JOB ?=
FROM ?=
HA ?=
PARALLELISM ?=
SEED ?= 1
ON ?=

# For the process substitution of QUIETLY.
SHELL := /bin/bash

# TensorFlow's chatter stays off the console; errors do not.
export TF_CPP_MIN_LOG_LEVEL ?= 2
# Some of it heeds no setting: Abseil writes it to standard error as long as the library has not initialised Abseil's log,
# which TensorFlow for Java offers no way to do. Just those lines are left out. Ctrl-C must not end the filter before the run.
QUIETLY = 2> >(trap '' INT TERM; exec grep --line-buffered -v \
	-e '^WARNING: All log messages before absl::InitializeLog() is called are written to STDERR$$' \
	-e '^I0000 [0-9:. ]* mlir_graph_optimization_pass\.cc:' >&2)

# Maven resets colours that it never set, on consoles that show it as signs, too.
BUILD := mvn -B -ntp -q -Dstyle.color=never
PLAIN := sed -u 's/\x1b\[0m//g'
PLAINLY = > >($(PLAIN)) 2> >($(PLAIN) >&2)

# Flink reflects into the JDK.
OPENS := --add-opens=java.base/java.util=ALL-UNNAMED \
	--add-opens=java.base/java.lang=ALL-UNNAMED \
	--add-opens=java.base/java.nio=ALL-UNNAMED \
	--add-opens=java.base/java.time=ALL-UNNAMED
# Users lie all over the heap; only Linux has the flag, and says so on every start where it is of no use.
LARGE_PAGES := $(shell grep -qs '\[always\]\|\[madvise\]' /sys/kernel/mm/transparent_hugepage/enabled && echo -XX:+UseTransparentHugePages)
JVM_FLAGS := -Xmx$(HEAP) -XX:+UseG1GC $(LARGE_PAGES) $(OPENS)
CLASSES := target/classes
MAIN := io.liveprofile.local.Liveprofile
LIVEPROFILE = env COLUMNS="$$(tput cols 2>/dev/null || echo 120)" java $(JVM_FLAGS) -cp "$(CLASSES):$$(cat target/classpath.txt)" $(MAIN)

OF_CLUSTER = $(if $(ON),$(if $(filter cluster,$(ON)),--cluster target/cluster,$(error ON=$(ON): allowed is ON=cluster)))

# A flag is on by any value but 0, as in HA=1.
ON_BY = $(if $(filter-out 0,$($(1))),$(2))

# An option that somebody gave, be it what is the default.
GIVEN = $(if $(filter command line environment,$(origin $(1))),$(2) "$($(1))")

SETTINGS = $(foreach setting,$(SET),--set "$(setting)")

BUILT := target/built.stamp
SOURCES := pom.xml $(shell find src/main schemas -type f 2>/dev/null)

$(BUILT): $(SOURCES)
	@echo "Building ..."
	@$(BUILD) process-classes $(PLAINLY)
	@touch $@

PACKAGED := target/packaged.stamp

$(PACKAGED): $(SOURCES)
	@echo "Packaging ..."
	@$(if $(filter pom.xml,$?),rm -rf target/cluster/lib target/cluster/flink,:) # in use by a cluster, so only if need be
	@$(BUILD) -Dmaven.test.skip=true package $(PLAINLY)
	@touch $@ $(BUILT)
	@rm -f $(TEST_BUILT) # without tests Maven removes their classes

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16
	@echo
	@echo 'Options of run, as in  make run RATE=5000 DURATION=2min'
	@echo '  RATE          simulated events a second, or max (1000)'
	@echo '  DURATION      stop by itself after this long, such as 90s, 10min, 1h (never)'
	@echo '  DATA          replay this file instead of simulating; needs MAPPING'
	@echo '  MAPPING       how the columns of DATA become events'
	@echo '  SPEED         multiple of real time of a replay, or max (max)'
	@echo '  USERS         shoppers to simulate (100000)'
	@echo '  KAFKA_PORT    port of the broker, 0 = any free one (9092)'
	@echo '  FLINK_PORT    port of the Flink web UI, 0 = any free one (8081)'
	@echo '  KEEP=1        go on with the data and state of the last run; ARGS=--seed=2 for other shoppers than it had'
	@echo '  LOGS          the log as text, or json: an object a line, with the fields of ECS (text)'
	@echo '  HEAP          heap of the process (2g)'
	@echo '  SET           options of the job, as in  SET="delivery=exactly-once profile.coalesce=1s"'
	@echo '  ARGS          more options, such as ARGS=--help or ARGS=-v'
	@echo
	@echo 'Options of evaluate'
	@echo '  DATA MAPPING  data file and how its columns become events and outcomes'
	@echo '  WITH          directory whose features.yaml, labels.yaml and model.yaml are used, such as'
	@echo '                flink-conf/evaluations/ga-merchandise-store'
	@echo '  LABELS        labels.yaml to use instead'
	@echo '  OUT           where the report is written (target/evaluation)'
	@echo
	@echo 'Options of size, as in  make size USERS=100000000 RATE=50000'
	@echo '  USERS         users that the jobs know (1000000)'
	@echo '  RATE          events a second (as EVENTS_PER_USER makes them)'
	@echo '  EVENTS_PER_USER    events of a user in 30 days (28, or as RATE makes them)'
	@echo '  UTILISATION   share of the cores that they take; the rest is for peaks and catching up (0.5)'
	@echo '  CORES MEMORY DISK BANDWIDTH    of a TaskManager: slots, 16g, GB, MB/s to where checkpoints lie (4, 16g, 500, 250)'
	@echo '  REPLICAS      of each topic (3)'
	@echo '  FIGURES       what users and events take; make bench ONLY=sizes measures (flink-conf/sizing.yaml)'
	@echo
	@echo 'Options of the cluster'
	@echo '  KAFKA_PORT REST_PORT JOBMANAGER_PORT    of cluster-up, 0 = any free one (9092, 8081, 6123); KEEP=1 LOGS=json as of run'
	@echo '  HA=1          of cluster-up: with a ZooKeeper, so that a JobManager started anew goes on with the jobs by itself'
	@echo '  JOB           profile or training, of submit, savepoint, upgrade and cancel (both)'
	@echo '  FROM          of submit: savepoint or checkpoint of JOB to begin with, latest, or none to begin anew'
	@echo '  PARALLELISM   of submit (2; with FROM as submitted) and upgrade (as submitted)'
	@echo '  RATE DURATION USERS SEED DATA MAPPING SPEED    of traffic, as of run (DURATION: 1min)'
	@echo '  SET           of submit and, beside what was submitted, of upgrade and of submit with FROM; as of run'
	@echo
	@echo 'Options of bench and bench-smoke'
	@echo '  ONLY          sections of the benchmark: heavy engine sliding keys model release windows users (all);'
	@echo '                sizes for the figures of size'
	@echo
	@echo 'Options of e2e'
	@echo '  ONLY          cases, such as  ONLY="broker-killed upgraded"  (all but soak and latency-through-a-kill); another word lists them'

.PHONY: run
run: $(BUILT) ## Start everything in one process: broker, Flink, the job, traffic
	@exec $(LIVEPROFILE) run --rate "$(RATE)" --speed "$(SPEED)" --users "$(USERS)" \
		--kafka-port "$(KAFKA_PORT)" --flink-port "$(FLINK_PORT)" \
		$(if $(DURATION),--duration "$(DURATION)") \
		$(if $(DATA),--data "$(DATA)") $(if $(MAPPING),--mapping "$(MAPPING)") \
		$(call ON_BY,KEEP,--keep) --logs "$(LOGS)" $(SETTINGS) $(ARGS) $(QUIETLY)

.PHONY: profile
profile: $(BUILT) ## Print the current profile of USER=..., during a run or after it, or ON=cluster; without USER list some
	@exec $(LIVEPROFILE) profile $(if $(filter command line,$(origin USER)),"$(USER)") \
		$(OF_CLUSTER) $(SETTINGS) $(ARGS)

.PHONY: topic
topic: $(BUILT) ## Print the newest records of TOPIC=..., LAST=10, as profile does; without TOPIC list them
	@exec $(LIVEPROFILE) topic $(if $(TOPIC),"$(TOPIC)") $(if $(LAST),--last "$(LAST)") \
		$(OF_CLUSTER) $(ARGS)

.PHONY: model
model: $(BUILT) ## Train a first model on simulated shoppers and release it to the model store
	@exec $(LIVEPROFILE) model $(SETTINGS) $(ARGS) $(QUIETLY)

.PHONY: evaluate
evaluate: $(BUILT) ## Measure the model on DATA=... with MAPPING=..., learning as it goes; WITH=... has its configuration
	@test -n "$(DATA)" -a -n "$(MAPPING)" || { echo "error: evaluate needs DATA=... and MAPPING=..."; exit 2; }
	@exec $(LIVEPROFILE) evaluate --data "$(DATA)" --mapping "$(MAPPING)" $(if $(WITH),--with "$(WITH)") \
		$(if $(LABELS),--labels "$(LABELS)") --out "$(OUT)" $(SETTINGS) $(ARGS) $(QUIETLY)

.PHONY: try-mapping
try-mapping: $(BUILT) ## Show what MAPPING=... makes of DATA=..., sending nothing
	@test -n "$(DATA)" -a -n "$(MAPPING)" || { echo "error: try-mapping needs DATA=... and MAPPING=..."; exit 2; }
	@exec $(LIVEPROFILE) try-mapping --data "$(DATA)" --mapping "$(MAPPING)" $(ARGS)

.PHONY: size
size: $(BUILT) ## Reckon what USERS=... and RATE=... take: cores, memory, disk, checkpoints, Kafka; without options what is asked
	@exec $(LIVEPROFILE) size $(call GIVEN,USERS,--users) $(call GIVEN,RATE,--rate) \
		$(call GIVEN,EVENTS_PER_USER,--events-per-user) $(call GIVEN,UTILISATION,--utilisation) \
		$(call GIVEN,CORES,--cores) $(call GIVEN,MEMORY,--memory) $(call GIVEN,DISK,--disk) \
		$(call GIVEN,BANDWIDTH,--bandwidth) $(call GIVEN,REPLICAS,--replicas) $(call GIVEN,FIGURES,--figures) $(SETTINGS) $(ARGS)

.PHONY: package
package: $(PACKAGED) ## Make the job jar, and lib/ of TensorFlow and of Flink beside it
	@echo "target/liveprofile-job.jar  both jobs and what they need beside Flink"
	@echo "target/cluster/lib          TensorFlow, and what logs as JSON, for Flink's lib/"
	@echo "target/cluster/flink/lib    Flink itself, where there is no distribution"

CLUSTER = env COLUMNS="$$(tput cols 2>/dev/null || echo 120)" java -Xmx512m $(OPENS) \
	-cp "$(CLASSES):$$(cat target/classpath.txt)" io.liveprofile.cluster.ClusterMain
OF_JOB = $(if $(JOB),--job "$(JOB)")

.PHONY: cluster-up
cluster-up: $(PACKAGED) ## Start a broker, a JobManager and two TaskManagers, each its own process; again: what is missing
	@exec $(CLUSTER) up --kafka-port "$(KAFKA_PORT)" --rest-port "$(REST_PORT)" --jobmanager-port "$(JOBMANAGER_PORT)" \
		$(call ON_BY,KEEP,--keep) $(call ON_BY,HA,--ha) $(call GIVEN,LOGS,--logs) $(ARGS)

.PHONY: submit
submit: $(PACKAGED) ## Submit both jobs to it, or JOB=profile, JOB=training; FROM=latest with the state of before
	@exec $(CLUSTER) submit $(OF_JOB) $(if $(FROM),--from "$(FROM)") $(if $(PARALLELISM),--parallelism "$(PARALLELISM)") \
		$(SETTINGS) $(ARGS) $(QUIETLY)

.PHONY: traffic
traffic: $(BUILT) ## Send simulated shoppers, or DATA=... with MAPPING=..., to its broker
	@exec $(CLUSTER) traffic --rate "$(RATE)" $(if $(DURATION),--duration "$(DURATION)") --users "$(USERS)" --seed "$(SEED)" \
		$(if $(DATA),--data "$(DATA)") $(if $(MAPPING),--mapping "$(MAPPING)") --speed "$(SPEED)" $(ARGS)

.PHONY: savepoint
savepoint: $(BUILT) ## Make a savepoint of each job, or of JOB=..., and print where it is
	@exec $(CLUSTER) savepoint $(OF_JOB) $(ARGS)

.PHONY: upgrade
upgrade: $(PACKAGED) ## Stop each job, or JOB=..., with a savepoint and start this jar from it
	@exec $(CLUSTER) upgrade $(OF_JOB) $(if $(FROM),--from "$(FROM)") $(if $(PARALLELISM),--parallelism "$(PARALLELISM)") \
		$(SETTINGS) $(ARGS) $(QUIETLY)

.PHONY: cancel
cancel: $(BUILT) ## End each job, or JOB=..., without a savepoint
	@exec $(CLUSTER) cancel $(OF_JOB) $(ARGS)

.PHONY: cluster-status
cluster-status: $(BUILT) ## Print which processes and jobs of it run
	@exec $(CLUSTER) status $(ARGS)

.PHONY: cluster-down
cluster-down: $(BUILT) ## End its processes, and no others
	@exec $(CLUSTER) down $(ARGS)

.PHONY: test
test: ## Run the unit, operator-harness, MiniCluster and embedded-broker tests
	mvn -B -ntp test

TEST_BUILT := target/test-built.stamp
# The collector for throughput, for floor and graph alike: G1's refinement threads take a tenth of two cores.
BENCH = java -Xmx$(HEAP) -XX:+UseParallelGC $(LARGE_PAGES) $(OPENS) -cp "target/test-classes:target/classes:$$(cat target/test-classpath.txt)" \
	io.liveprofile.benchmark.Benchmark

$(TEST_BUILT): $(SOURCES) $(shell find src/test -type f 2>/dev/null)
	@echo "Building ..."
	@$(BUILD) process-test-classes $(PLAINLY)
	@touch $@

.PHONY: e2e
e2e: $(PACKAGED) $(TEST_BUILT) ## Disturb real processes while traffic flows, and hold what they publish against an undisturbed run
	@ls target/models/releases/* >/dev/null 2>&1 || $(MAKE) --no-print-directory model # the graph scores
	@exec java -Xmx1g $(OPENS) -cp "target/test-classes:target/classes:$$(cat target/test-classpath.txt)" \
		io.liveprofile.cluster.EndToEnd $(ONLY) $(QUIETLY)

.PHONY: bench
bench: HEAP := 6g
bench: $(TEST_BUILT) ## Measure engine and whole graph beside their baselines, then how cost grows; at most 43 minutes
	@ls target/models/releases/* >/dev/null 2>&1 || $(MAKE) --no-print-directory model # the graph scores
	@exec $(BENCH) full target/bench $(ONLY) $(QUIETLY)

.PHONY: bench-smoke
bench-smoke: $(TEST_BUILT) ## The same in three minutes: shows that it runs, not how fast
	@exec $(BENCH) smoke target/bench-smoke $(ONLY) $(QUIETLY)

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf target
