package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;

/** What all visits of one simulation share. Not thread-safe. */
final class Shop {
    final SimulationConfig config;
    final Catalog catalog;
    final Calendar calendar;
    final ShopperMemory memory;
    final OutcomeQueue outcomes = new OutcomeQueue();
    /** Events of days to come that follow an order. */
    final TimeHeap<BehaviorEvent> followUps = new TimeHeap<>();
    final VisitSchedule schedule;
    final Aftermath aftermath;

    Shop(SimulationConfig config) {
        this.config = config;
        this.catalog = new Catalog(config);
        this.calendar = new Calendar(config.seed());
        this.memory = new ShopperMemory(config.startMillis(), config.users());
        this.schedule = new VisitSchedule(config.startMillis(), config.users());
        this.aftermath = new Aftermath(this);
    }

    /** What a unit costs at a time, minor units. */
    long price(int item, long time) {
        Campaign campaign = calendar.campaignAt(time);
        long price = catalog.priceOf(item);
        return campaign == null ? price : campaign.price(price, catalog.categoryOf(item));
    }
}
