# The front door. `make help` lists what there is.
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: test
test: ## Run the unit, operator-harness, MiniCluster and embedded-broker tests
	mvn -B -ntp test

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf target
