#include "plan/fact.h"

static const struct shape_field named_decimal_fields[] = {
    SHAPE_FIELD(struct named_decimal, name, SHAPE_TEXT),
    SHAPE_FIELD(struct named_decimal, value, SHAPE_DECIMAL),
};
const struct shape named_decimal_shape =
    SHAPE_OF(named_decimal, "NamedDecimal", named_decimal_fields);

static const struct shape_field attribute_fields[] = {
    SHAPE_FIELD(struct attribute, name, SHAPE_TEXT),
    SHAPE_FIELD(struct attribute, value, SHAPE_TEXT_OR_DECIMAL),
};
const struct shape attribute_shape = SHAPE_OF(attribute, "Attribute", attribute_fields);

static const struct shape_field deal_line_fields[] = {
    SHAPE_FIELD(struct deal_line, line_id, SHAPE_TEXT),
    SHAPE_FIELD(struct deal_line, product, SHAPE_TEXT),
    SHAPE_OPTIONAL(struct deal_line, quantity, SHAPE_DECIMAL),
    SHAPE_FIELD(struct deal_line, amount, SHAPE_DECIMAL),
    SHAPE_NESTED(struct deal_line, amounts, SHAPE_MAP, &named_decimal_shape),
    SHAPE_NESTED(struct deal_line, attributes, SHAPE_MAP, &attribute_shape),
};
const struct shape deal_line_shape = SHAPE_OF(deal_line, "DealLine", deal_line_fields);

static const struct shape_field deal_participant_fields[] = {
    SHAPE_FIELD(struct deal_participant, participant, SHAPE_TEXT),
    SHAPE_FIELD(struct deal_participant, role, SHAPE_TEXT),
    SHAPE_FIELD(struct deal_participant, share, SHAPE_SHARE),
};
const struct shape deal_participant_shape =
    SHAPE_OF(deal_participant, "DealParticipant", deal_participant_fields);

static const char *const deal_statuses[] = {"OPEN", "CLOSED", "CANCELLED", NULL};
static const struct shape_field deal_fields[] = {
    SHAPE_IDENTITY(struct deal, event_id, SHAPE_TEXT),
    SHAPE_FIELD(struct deal, deal_id, SHAPE_TEXT),
    SHAPE_FIELD(struct deal, revision, SHAPE_LONG),
    SHAPE_SYMBOLS(struct deal, status, deal_statuses),
    SHAPE_FIELD(struct deal, closed_at, SHAPE_INSTANT),
    SHAPE_OPTIONAL(struct deal, cancelled_at, SHAPE_INSTANT),
    SHAPE_FIELD(struct deal, currency, SHAPE_TEXT),
    SHAPE_FIELD(struct deal, amount, SHAPE_DECIMAL),
    SHAPE_NESTED(struct deal, amounts, SHAPE_MAP, &named_decimal_shape),
    SHAPE_OPTIONAL(struct deal, quantity, SHAPE_DECIMAL),
    SHAPE_OPTIONAL_TEXT(struct deal, customer_id),
    SHAPE_OPTIONAL_TEXT(struct deal, territory),
    SHAPE_OPTIONAL_TEXT(struct deal, deal_type),
    SHAPE_NESTED(struct deal, lines, SHAPE_LIST, &deal_line_shape),
    SHAPE_NESTED(struct deal, participants, SHAPE_LIST, &deal_participant_shape),
    SHAPE_NESTED(struct deal, attributes, SHAPE_MAP, &attribute_shape),
    SHAPE_OPTIONAL_TEXT(struct deal, replaces),
};
const struct shape deal_shape = SHAPE_ENCODED_OF(deal, "Deal", deal_fields);

static const char *const milestone_statuses[] = {"REACHED", "APPROVED", "REJECTED", "REVOKED",
                                                 NULL};
static const struct shape_field milestone_fields[] = {
    SHAPE_IDENTITY(struct milestone, event_id, SHAPE_TEXT),
    SHAPE_FIELD(struct milestone, milestone_id, SHAPE_TEXT),
    SHAPE_OPTIONAL_TEXT(struct milestone, deal_id),
    SHAPE_NESTED(struct milestone, participants, SHAPE_LIST, &deal_participant_shape),
    SHAPE_FIELD(struct milestone, milestone, SHAPE_TEXT),
    SHAPE_OPTIONAL_TEXT(struct milestone, phase),
    SHAPE_FIELD(struct milestone, revision, SHAPE_LONG),
    SHAPE_SYMBOLS(struct milestone, status, milestone_statuses),
    SHAPE_FIELD(struct milestone, reached_at, SHAPE_INSTANT),
    SHAPE_OPTIONAL(struct milestone, approved_at, SHAPE_INSTANT),
    SHAPE_OPTIONAL_TEXT(struct milestone, approved_by),
    SHAPE_OPTIONAL(struct milestone, percent_complete, SHAPE_SHARE),
    SHAPE_OPTIONAL(struct milestone, contract_value, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct milestone, share, SHAPE_SHARE),
    SHAPE_OPTIONAL(struct milestone, amount, SHAPE_DECIMAL),
    SHAPE_OPTIONAL_TEXT(struct milestone, currency),
    SHAPE_NESTED(struct milestone, attributes, SHAPE_MAP, &attribute_shape),
};
const struct shape milestone_shape = SHAPE_OF(milestone, "Milestone", milestone_fields);

static const struct shape_field payment_fields[] = {
    SHAPE_IDENTITY(struct payment, event_id, SHAPE_TEXT),
    SHAPE_FIELD(struct payment, payment_id, SHAPE_TEXT),
    SHAPE_FIELD(struct payment, deal_id, SHAPE_TEXT),
    SHAPE_OPTIONAL_TEXT(struct payment, invoice_id),
    SHAPE_FIELD(struct payment, revision, SHAPE_LONG),
    SHAPE_FIELD(struct payment, received_at, SHAPE_INSTANT),
    SHAPE_FIELD(struct payment, amount, SHAPE_DECIMAL),
    SHAPE_FIELD(struct payment, currency, SHAPE_TEXT),
};
const struct shape payment_shape = SHAPE_OF(payment, "Payment", payment_fields);

static const char *const result_whats[] = {"RESULT", "ADJUSTMENT", NULL};
static const struct shape_field result_fields[] = {
    SHAPE_IDENTITY(struct result, event_id, SHAPE_TEXT),
    SHAPE_SYMBOLS(struct result, what, result_whats),
    SHAPE_FIELD(struct result, participant, SHAPE_TEXT),
    SHAPE_FIELD(struct result, revision, SHAPE_LONG),
    SHAPE_OPTIONAL_TEXT(struct result, result),
    SHAPE_OPTIONAL_TEXT(struct result, adjustment_id),
    SHAPE_OPTIONAL_TEXT(struct result, window),
    SHAPE_OPTIONAL(struct result, date, SHAPE_DATE),
    SHAPE_OPTIONAL(struct result, value, SHAPE_DECIMAL),
    SHAPE_OPTIONAL_TEXT(struct result, plan),
    SHAPE_OPTIONAL_TEXT(struct result, component),
    SHAPE_OPTIONAL(struct result, amount, SHAPE_DECIMAL),
    SHAPE_OPTIONAL_TEXT(struct result, currency),
    SHAPE_OPTIONAL_TEXT(struct result, reason),
    SHAPE_OPTIONAL_TEXT(struct result, by),
    SHAPE_OPTIONAL_TEXT(struct result, approved_by),
    SHAPE_OPTIONAL_TEXT(struct result, comment),
};
const struct shape result_shape = SHAPE_OF(result, "Result", result_fields);

static const struct shape_field validity_fields[] = {
    SHAPE_FIELD(struct validity, from, SHAPE_DATE),
    SHAPE_OPTIONAL(struct validity, until, SHAPE_DATE),
};
static const struct shape validity_shape = SHAPE_OF(validity, "Validity", validity_fields);

static const struct shape_field figure_fields[] = {
    SHAPE_FIELD(struct figure, component, SHAPE_TEXT),
    SHAPE_OPTIONAL(struct figure, annual, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct figure, window, SHAPE_DECIMAL),
    SHAPE_NESTED(struct figure, by_window, SHAPE_MAP, &named_decimal_shape),
    SHAPE_NESTED(struct figure, weights, SHAPE_LIST, NULL),
};
static const struct shape figure_shape = SHAPE_OF(figure, "Figure", figure_fields);

static const struct shape_field assignment_fields[] = {
    SHAPE_FIELD(struct assignment, plan, SHAPE_TEXT),
    SHAPE_FIELD(struct assignment, from, SHAPE_DATE),
    SHAPE_OPTIONAL(struct assignment, until, SHAPE_DATE),
    SHAPE_NESTED(struct assignment, goals, SHAPE_LIST, &figure_shape),
    SHAPE_NESTED(struct assignment, targets, SHAPE_LIST, &figure_shape),
    SHAPE_NESTED(struct assignment, baselines, SHAPE_LIST, &figure_shape),
    SHAPE_NESTED(struct assignment, attributes, SHAPE_MAP, &attribute_shape),
};
static const struct shape assignment_shape = SHAPE_OF(assignment, "Assignment", assignment_fields);

static const struct shape_field edge_fields[] = {
    SHAPE_FIELD(struct edge, to, SHAPE_TEXT),     SHAPE_FIELD(struct edge, as, SHAPE_TEXT),
    SHAPE_FIELD(struct edge, share, SHAPE_SHARE), SHAPE_FIELD(struct edge, rows, SHAPE_TEXT),
    SHAPE_FIELD(struct edge, from, SHAPE_DATE),   SHAPE_OPTIONAL(struct edge, until, SHAPE_DATE),
};
static const struct shape edge_shape = SHAPE_OF(edge, "Edge", edge_fields);

static const struct shape_field roster_fields[] = {
    SHAPE_FIELD(struct roster, participant, SHAPE_TEXT),
    SHAPE_FIELD(struct roster, aspect, SHAPE_TEXT),
    SHAPE_FIELD(struct roster, version, SHAPE_LONG),
    SHAPE_IDENTITY(struct roster, change, SHAPE_TEXT),
    SHAPE_OPTIONAL_TEXT(struct roster, name),
    SHAPE_FIELD(struct roster, is_unpaid, SHAPE_BOOL),
    SHAPE_OPTIONAL_TEXT(struct roster, pay_group),
    SHAPE_OPTIONAL_TEXT(struct roster, pay_currency),
    SHAPE_OPTIONAL_TEXT(struct roster, pay_code),
    SHAPE_OPTIONAL_TEXT(struct roster, pay_to),
    SHAPE_NESTED(struct roster, employed, SHAPE_LIST, &validity_shape),
    SHAPE_NESTED(struct roster, assignments, SHAPE_LIST, &assignment_shape),
    SHAPE_NESTED(struct roster, edges, SHAPE_LIST, &edge_shape),
};
const struct shape roster_shape = SHAPE_OF(roster, "Roster", roster_fields);

static const struct shape_field zone_transition_fields[] = {
    SHAPE_FIELD(struct zone_transition, at, SHAPE_INSTANT),
    SHAPE_FIELD(struct zone_transition, offset_s, SHAPE_INT),
};
static const struct shape zone_transition_shape =
    SHAPE_OF(zone_transition, "ZoneTransition", zone_transition_fields);

static const struct shape_field zone_table_fields[] = {
    SHAPE_FIELD(struct zone_table, zone, SHAPE_TEXT),
    SHAPE_NESTED(struct zone_table, transitions, SHAPE_LIST, &zone_transition_shape),
};
static const struct shape zone_table_shape = SHAPE_OF(zone_table, "ZoneTable", zone_table_fields);

static const struct shape_field setting_fields[] = {
    SHAPE_FIELD(struct setting, name, SHAPE_TEXT),
    SHAPE_FIELD(struct setting, value, SHAPE_TEXT),
};
static const struct shape setting_shape = SHAPE_OF(setting, "Setting", setting_fields);

static const struct shape_field control_fields[] = {
    SHAPE_FIELD(struct control, kind, SHAPE_TEXT),
    SHAPE_FIELD(struct control, id, SHAPE_TEXT),
    SHAPE_FIELD(struct control, version, SHAPE_LONG),
    SHAPE_IDENTITY(struct control, change, SHAPE_TEXT),
    SHAPE_IDENTITY(struct control, written_at, SHAPE_INSTANT),
    SHAPE_IDENTITY(struct control, written_by, SHAPE_TEXT),
    SHAPE_FIELD(struct control, semantics, SHAPE_INT),
    SHAPE_FIELD(struct control, document, SHAPE_TEXT),
    SHAPE_NESTED(struct control, settings, SHAPE_MAP, &setting_shape),
    SHAPE_NESTED(struct control, zones, SHAPE_LIST, &zone_table_shape),
};
const struct shape control_shape = SHAPE_OF(control, "Control", control_fields);
