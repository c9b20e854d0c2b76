#include "kafka/kafka_admin.h"
#include "kafka/handle.h"
#include "kafka/kafka_error.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { REQUEST_TIMEOUT_MS = 30000, ASK_TIMEOUT_MS = 5000, LEADERS_TIMEOUT_MS = 30000 };

struct kafka_admin {
    struct kafka_handle handle;
    rd_kafka_queue_t *answers;
    rd_kafka_AdminOptions_t *options;
};

static enum status open_options(struct kafka_admin *admin, char *detail)
{
    char reason[DETAIL_BYTES / 2];

    admin->answers = rd_kafka_queue_new(admin->handle.rk);
    admin->options = rd_kafka_AdminOptions_new(admin->handle.rk, RD_KAFKA_ADMIN_OP_ANY);
    if (!rd_kafka_AdminOptions_set_request_timeout(admin->options, REQUEST_TIMEOUT_MS, reason,
                                                   sizeof reason) &&
        !rd_kafka_AdminOptions_set_operation_timeout(admin->options, REQUEST_TIMEOUT_MS, reason,
                                                     sizeof reason))
        return STATUS_OK;
    snprintf(detail, DETAIL_BYTES, "administration: %s", reason);
    return STATUS_REFUSED;
}

enum status kafka_admin_new(const struct kafka_endpoint *endpoint, struct kafka_admin **out,
                            char *detail)
{
    /* A group that is never joined: librdkafka 2.0.2 dereferences the handle's own group when
     * another group's coordinator has moved. */
    static const struct kafka_property own[] = {
        {"group.id", "milepost-admin"},
        {"isolation.level", "read_uncommitted"},
        {"enable.auto.commit", "false"},
    };
    struct kafka_admin *admin = calloc(1, sizeof *admin);

    assert(admin);
    enum status status = kafka_handle_open(&admin->handle, endpoint, KAFKA_ROLE_CONSUMER, own,
                                           sizeof own / sizeof own[0], NULL, NULL, detail);
    if (!status)
        status = open_options(admin, detail);
    if (status) {
        kafka_admin_free(admin);
        return status;
    }
    *out = admin;
    return STATUS_OK;
}

void kafka_admin_free(struct kafka_admin *admin)
{
    if (!admin)
        return;
    if (admin->options)
        rd_kafka_AdminOptions_destroy(admin->options);
    if (admin->answers)
        rd_kafka_queue_destroy(admin->answers);
    kafka_handle_close(&admin->handle);
    free(admin);
}

/* The one answer to the request just made; the caller destroys it. */
static enum status await_answer(struct kafka_admin *admin, const char *what, rd_kafka_event_t **out,
                                char *detail)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(admin->answers, -1);

    assert(event);
    rd_kafka_poll(admin->handle.rk, 0);
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    if (code) {
        kafka_explain_request(&admin->handle, detail, what, code,
                              rd_kafka_event_error_string(event));
        rd_kafka_event_destroy(event);
        return kafka_request_status(code);
    }
    *out = event;
    return STATUS_OK;
}

/* --- creating and deleting --- */

static rd_kafka_NewTopic_t *new_topic(const struct kafka_topic_spec *spec, char *detail)
{
    char reason[DETAIL_BYTES / 2];
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(spec->name, spec->partitions,
                                                       spec->replication, reason, sizeof reason);

    if (!topic) {
        snprintf(detail, DETAIL_BYTES, "topic %.200s: %s", spec->name, reason);
        return NULL;
    }
    for (size_t i = 0; i < spec->setting_count; i++) {
        rd_kafka_resp_err_t code =
            rd_kafka_NewTopic_set_config(topic, spec->settings[i].name, spec->settings[i].value);
        assert(!code);
    }
    return topic;
}

static enum status look_at_topics(const rd_kafka_topic_result_t *const *topics, size_t count,
                                  rd_kafka_resp_err_t harmless, bool *out_done, char *detail)
{
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t code = rd_kafka_topic_result_error(topics[i]);
        if (out_done)
            out_done[i] = code == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (!code || code == harmless)
            continue;
        kafka_explain(detail, rd_kafka_topic_result_name(topics[i]), code,
                      rd_kafka_topic_result_error_string(topics[i]));
        return kafka_request_status(code);
    }
    return STATUS_OK;
}

static enum status create(struct kafka_admin *admin, rd_kafka_NewTopic_t **topics, size_t count,
                          bool *out_created, char *detail)
{
    rd_kafka_event_t *event;

    rd_kafka_CreateTopics(admin->handle.rk, topics, count, admin->options, admin->answers);
    enum status status = await_answer(admin, "create topics", &event, detail);
    if (status)
        return status;
    size_t found;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &found);
    assert(found == count);
    status =
        look_at_topics(results, found, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, out_created, detail);
    rd_kafka_event_destroy(event);
    return status;
}

/* The controller knows a topic before all brokers do. */
static enum status await_leaders(struct kafka_admin *admin, const struct kafka_topic_spec *spec,
                                 char *detail)
{
    int64_t deadline = kafka_now_ms() + LEADERS_TIMEOUT_MS;
    enum status status;

    for (;;) {
        struct kafka_topic_info info = {0};
        status = kafka_admin_topic(admin, spec->name, &info, detail);
        if (!status && info.partitions > 0 && info.leaderless == 0)
            return STATUS_OK;
        if (kafka_now_ms() > deadline)
            break;
        rd_kafka_poll(admin->handle.rk, 20);
    }
    if (!status)
        snprintf(detail, DETAIL_BYTES, "topic %.200s: created, but without leaders", spec->name);
    return STATUS_UNAVAILABLE;
}

enum status kafka_admin_create_topics(struct kafka_admin *admin,
                                      const struct kafka_topic_spec *specs, size_t count,
                                      bool *out_created, char *detail)
{
    rd_kafka_NewTopic_t **topics = calloc(count + 1, sizeof(rd_kafka_NewTopic_t *));
    enum status status = STATUS_OK;
    size_t made = 0;

    assert(topics);
    for (; !status && made < count; made++) {
        topics[made] = new_topic(&specs[made], detail);
        if (!topics[made]) {
            status = STATUS_REFUSED;
            break;
        }
    }
    if (!status && count > 0)
        status = create(admin, topics, count, out_created, detail);
    rd_kafka_NewTopic_destroy_array(topics, made);
    free(topics);
    for (size_t i = 0; !status && i < count; i++)
        status = await_leaders(admin, &specs[i], detail);
    return status;
}

enum status kafka_admin_delete_topics(struct kafka_admin *admin, const char *const *names,
                                      size_t count, char *detail)
{
    rd_kafka_DeleteTopic_t **topics = calloc(count + 1, sizeof(rd_kafka_DeleteTopic_t *));
    rd_kafka_event_t *event;

    assert(topics);
    for (size_t i = 0; i < count; i++)
        topics[i] = rd_kafka_DeleteTopic_new(names[i]);
    rd_kafka_DeleteTopics(admin->handle.rk, topics, count, admin->options, admin->answers);
    rd_kafka_DeleteTopic_destroy_array(topics, count);
    free(topics);
    enum status status = await_answer(admin, "delete topics", &event, detail);
    if (status)
        return status;
    size_t found;
    const rd_kafka_topic_result_t **results =
        rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &found);
    status = look_at_topics(results, found, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, NULL, detail);
    rd_kafka_event_destroy(event);
    return status;
}

/* --- looking --- */

static struct kafka_topic_info info_of(const struct rd_kafka_metadata_topic *topic)
{
    struct kafka_topic_info info = {.partitions = topic->partition_cnt};

    for (int i = 0; i < topic->partition_cnt; i++)
        info.leaderless += topic->partitions[i].leader < 0;
    if (topic->partition_cnt > 0)
        info.replication = topic->partitions[0].replica_cnt;
    return info;
}

enum status kafka_admin_topic(struct kafka_admin *admin, const char *name,
                              struct kafka_topic_info *out, char *detail)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_t *object = rd_kafka_topic_new(admin->handle.rk, name, NULL);
    if (!object) {
        kafka_explain(detail, name, rd_kafka_last_error(), NULL);
        return STATUS_REFUSED;
    }
    rd_kafka_resp_err_t code =
        rd_kafka_metadata(admin->handle.rk, 0, object, &metadata, ASK_TIMEOUT_MS);
    rd_kafka_topic_destroy(object);
    if (code) {
        kafka_explain_request(&admin->handle, detail, name, code, NULL);
        return kafka_request_status(code);
    }
    struct kafka_topic_info info = {0};
    enum status status = STATUS_OK;
    if (metadata->topic_cnt == 1) {
        code = metadata->topics[0].err;
        if (!code)
            info = info_of(&metadata->topics[0]);
        else if (code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
            status = kafka_request_status(code);
    }
    if (status)
        kafka_explain(detail, name, code, NULL);
    rd_kafka_metadata_destroy(metadata);
    if (!status)
        *out = info;
    return status;
}

static void copy_entry(const rd_kafka_ConfigEntry_t *entry, struct kafka_topic_value *out)
{
    const char *value = rd_kafka_ConfigEntry_value(entry);

    snprintf(out->value, sizeof out->value, "%s", value ? value : "");
    out->is_default =
        rd_kafka_ConfigEntry_source(entry) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG;
}

static void copy_entries(const rd_kafka_ConfigResource_t *resource,
                         struct kafka_topic_value *values, size_t count)
{
    size_t found;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &found);

    for (size_t i = 0; i < count; i++) {
        values[i].value[0] = '\0';
        values[i].is_default = true;
        for (size_t k = 0; k < found; k++) {
            if (strcmp(rd_kafka_ConfigEntry_name(entries[k]), values[i].name) == 0)
                copy_entry(entries[k], &values[i]);
        }
    }
}

enum status kafka_admin_topic_settings(struct kafka_admin *admin, const char *topic,
                                       struct kafka_topic_value *values, size_t count, char *detail)
{
    rd_kafka_ConfigResource_t *wanted = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_event_t *event;

    assert(wanted);
    rd_kafka_DescribeConfigs(admin->handle.rk, &wanted, 1, admin->options, admin->answers);
    rd_kafka_ConfigResource_destroy(wanted);
    enum status status = await_answer(admin, topic, &event, detail);
    if (status)
        return status;
    size_t found;
    const rd_kafka_ConfigResource_t **resources = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event), &found);
    assert(found == 1);
    rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(resources[0]);
    if (code)
        kafka_explain(detail, topic, code, rd_kafka_ConfigResource_error_string(resources[0]));
    else
        copy_entries(resources[0], values, count);
    rd_kafka_event_destroy(event);
    return kafka_request_status(code);
}

static enum status copy_offsets(const rd_kafka_topic_partition_list_t *list,
                                struct kafka_offset *offsets, size_t count, char *detail)
{
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_topic_partition_t *row =
            rd_kafka_topic_partition_list_find((rd_kafka_topic_partition_list_t *)(uintptr_t)list,
                                               offsets[i].topic, offsets[i].partition);
        offsets[i].offset = row && row->offset >= 0 ? row->offset : -1;
        memset(offsets[i].metadata, 0, sizeof offsets[i].metadata);
        if (!row)
            continue;
        if (row->err) {
            kafka_explain(detail, row->topic, row->err, NULL);
            return kafka_request_status(row->err);
        }
        if (row->metadata_size >= sizeof offsets[i].metadata) {
            snprintf(detail, DETAIL_BYTES, "%.200s-%d: metadata of %zu bytes is not ours",
                     row->topic, (int)row->partition, row->metadata_size);
            return STATUS_CORRUPT;
        }
        if (row->metadata_size)
            memcpy(offsets[i].metadata, row->metadata, row->metadata_size);
    }
    return STATUS_OK;
}

static enum status ask_offsets(struct kafka_admin *admin, const char *group,
                               const rd_kafka_topic_partition_list_t *list, rd_kafka_event_t **out,
                               char *detail)
{
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(admin->handle.rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    rd_kafka_ListConsumerGroupOffsets_t *request =
        rd_kafka_ListConsumerGroupOffsets_new(group, list);
    rd_kafka_error_t *error = rd_kafka_AdminOptions_set_require_stable_offsets(options, 1);

    assert(!error);
    rd_kafka_ListConsumerGroupOffsets(admin->handle.rk, &request, 1, options, admin->answers);
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    rd_kafka_AdminOptions_destroy(options);
    return await_answer(admin, group, out, detail);
}

enum status kafka_admin_committed(struct kafka_admin *admin, const char *group,
                                  struct kafka_offset *offsets, size_t count, char *detail)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    rd_kafka_event_t *event;

    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, offsets[i].topic, offsets[i].partition);
    enum status status = ask_offsets(admin, group, list, &event, detail);
    rd_kafka_topic_partition_list_destroy(list);
    if (status)
        return status;
    size_t found;
    const rd_kafka_group_result_t **groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event), &found);
    assert(found == 1);
    const rd_kafka_error_t *error = rd_kafka_group_result_error(groups[0]);
    if (error) {
        kafka_explain(detail, group, rd_kafka_error_code(error), rd_kafka_error_string(error));
        status = kafka_request_status(rd_kafka_error_code(error));
    } else {
        status = copy_offsets(rd_kafka_group_result_partitions(groups[0]), offsets, count, detail);
    }
    rd_kafka_event_destroy(event);
    return status;
}

static void append_name(struct kafka_group_info *info, const char *name)
{
    size_t length = strlen(info->names);

    snprintf(info->names + length, sizeof info->names - length, "%s%s", length ? ", " : "",
             name ? name : "?");
}

static struct kafka_group_info group_of(const rd_kafka_ConsumerGroupDescription_t *group)
{
    size_t count = rd_kafka_ConsumerGroupDescription_member_count(group);
    struct kafka_group_info info = {.members = (int)count};

    for (size_t i = 0; i < count; i++) {
        const rd_kafka_MemberDescription_t *member =
            rd_kafka_ConsumerGroupDescription_member(group, i);
        const char *lasting = rd_kafka_MemberDescription_group_instance_id(member);
        append_name(&info, lasting ? lasting : rd_kafka_MemberDescription_consumer_id(member));
    }
    return info;
}

enum status kafka_admin_group(struct kafka_admin *admin, const char *group,
                              struct kafka_group_info *out, char *detail)
{
    rd_kafka_event_t *event;

    rd_kafka_DescribeConsumerGroups(admin->handle.rk, &group, 1, admin->options, admin->answers);
    enum status status = await_answer(admin, group, &event, detail);
    if (status)
        return status;
    size_t found;
    const rd_kafka_ConsumerGroupDescription_t **groups =
        rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(event), &found);
    assert(found == 1);
    const rd_kafka_error_t *error = rd_kafka_ConsumerGroupDescription_error(groups[0]);
    rd_kafka_resp_err_t code = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) {
        *out = (struct kafka_group_info){0};
    } else if (code) {
        kafka_explain(detail, group, code, rd_kafka_error_string(error));
        status = kafka_request_status(code);
    } else {
        *out = group_of(groups[0]);
    }
    rd_kafka_event_destroy(event);
    return status;
}

enum status kafka_admin_bounds(struct kafka_admin *admin, const char *topic, int32_t partition,
                               int64_t *out_first, int64_t *out_end, char *detail)
{
    int64_t first;
    int64_t end;
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(admin->handle.rk, topic, partition,
                                                                &first, &end, ASK_TIMEOUT_MS);

    if (code) {
        kafka_explain_request(&admin->handle, detail, topic, code, NULL);
        return kafka_request_status(code);
    }
    *out_first = first;
    *out_end = end;
    return STATUS_OK;
}

/* --- truncating --- */

/* Takes `list` over. */
static enum status delete_records(struct kafka_admin *admin, const char *topic,
                                  rd_kafka_topic_partition_list_t *list, char *detail)
{
    rd_kafka_event_t *event;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    int asked = list->cnt;
    rd_kafka_DeleteRecords_t *request = rd_kafka_DeleteRecords_new(list);

    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_DeleteRecords(admin->handle.rk, &request, 1, admin->options, admin->answers);
    rd_kafka_DeleteRecords_destroy(request);
    enum status status = await_answer(admin, topic, &event, detail);
    if (status)
        return status;
    const rd_kafka_topic_partition_list_t *results =
        rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event));
    if (results->cnt != asked)
        code = RD_KAFKA_RESP_ERR__FAIL;
    for (int i = 0; !code && i < results->cnt; i++)
        code = results->elems[i].err;
    rd_kafka_event_destroy(event);
    if (code)
        kafka_explain(detail, topic, code, NULL);
    return kafka_request_status(code);
}

enum status kafka_admin_truncate(struct kafka_admin *admin, const char *topic, int32_t partition,
                                 int64_t before, char *detail)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);

    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = before;
    return delete_records(admin, topic, list, detail);
}

/* Before offset 0 there is nothing, wherever the log starts by the time the request arrives. */
enum status kafka_admin_probe_truncate(struct kafka_admin *admin, const char *topic,
                                       int32_t partitions, char *detail)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)partitions);

    for (int32_t p = 0; p < partitions; p++)
        rd_kafka_topic_partition_list_add(list, topic, p)->offset = 0;
    return delete_records(admin, topic, list, detail);
}
