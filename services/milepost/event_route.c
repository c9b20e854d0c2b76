#include "milepost/event_route.h"

#include <assert.h>

static struct event_route of_deal(const struct event *event)
{
    const struct deal *deal = &event->deal;
    return (struct event_route){
        .topic = TOPIC_DEALS,
        .kind = SCHEMA_DEAL,
        .input = INPUT_DEAL,
        .type = "milepost.deal.v1",
        .fact = deal,
        .key = deal->deal_id,
        .event_id = deal->event_id,
        .deal_id = deal->deal_id,
        .revision = deal->revision,
        .has_instant = true,
        .at = deal->closed_at,
    };
}

static struct event_route of_milestone(const struct event *event)
{
    const struct milestone *milestone = &event->milestone;
    return (struct event_route){
        .topic = TOPIC_MILESTONES,
        .kind = SCHEMA_MILESTONE,
        .input = INPUT_MILESTONE,
        .type = "milepost.milestone.v1",
        .fact = milestone,
        .key = milestone->deal_id.length ? milestone->deal_id : milestone->milestone_id,
        .event_id = milestone->event_id,
        .deal_id = milestone->deal_id,
        .revision = milestone->revision,
        .has_instant = true,
        .at = milestone->reached_at,
    };
}

static struct event_route of_payment(const struct event *event)
{
    const struct payment *payment = &event->payment;
    return (struct event_route){
        .topic = TOPIC_PAYMENTS,
        .kind = SCHEMA_PAYMENT,
        .input = INPUT_PAYMENT,
        .type = "milepost.payment.v1",
        .fact = payment,
        .key = payment->deal_id,
        .event_id = payment->event_id,
        .deal_id = payment->deal_id,
        .revision = payment->revision,
        .has_instant = true,
        .at = payment->received_at,
    };
}

static struct event_route of_result(const struct event *event)
{
    const struct result *result = &event->result;
    return (struct event_route){
        .topic = TOPIC_RESULTS,
        .kind = SCHEMA_RESULT,
        .input = INPUT_RESULT,
        .type = "milepost.result.v1",
        .fact = result,
        .key = result->participant,
        .event_id = result->event_id,
        .revision = result->revision,
    };
}

static struct event_route (*const routes[])(const struct event *event) = {
    [EVENT_DEAL] = of_deal,
    [EVENT_MILESTONE] = of_milestone,
    [EVENT_PAYMENT] = of_payment,
    [EVENT_RESULT] = of_result,
};

struct event_route event_route_of(const struct event *event)
{
    assert(event->kind < sizeof routes / sizeof routes[0]);
    return routes[event->kind](event);
}
