#include "schema/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ADDRESS_BYTES = 512, TIMEOUT_DEFAULT_MS = 5000 };

struct address {
    char url[ADDRESS_BYTES];         /* without credentials and closing slash */
    char credentials[ADDRESS_BYTES]; /* user:password; "" for none */
};

struct http {
    CURL *curl;
    struct curl_slist *headers;
    struct address addresses[REGISTRY_ADDRESSES_MAX];
    size_t address_count;
    size_t current; /* the one that answered last */
    long timeout_ms;
    char curl_error[CURL_ERROR_SIZE];
};

static bool is_given(const char *text)
{
    return text && *text;
}

/* --- opening --- */

static bool take_part(CURLU *url, CURLUPart part, char *out, size_t bytes)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, CURLU_URLDECODE) != CURLUE_OK)
        return false;
    bool fits = (size_t)snprintf(out, bytes, "%s", text) < bytes;
    curl_free(text);
    return fits;
}

/* Moves the credentials out of the address, so that no message can show them. */
static bool read_address(struct slice text, struct address *out)
{
    char whole[ADDRESS_BYTES];
    if ((size_t)snprintf(whole, sizeof whole, "%.*s", SLICE_ARGS(text)) >= sizeof whole)
        return false;
    CURLU *url = curl_url();
    if (!url)
        abort();
    bool good = curl_url_set(url, CURLUPART_URL, whole, 0) == CURLUE_OK;
    char scheme[16] = "";
    good = good && take_part(url, CURLUPART_SCHEME, scheme, sizeof scheme) &&
           (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    char user[ADDRESS_BYTES / 2];
    char password[ADDRESS_BYTES / 4];
    if (good && take_part(url, CURLUPART_USER, user, sizeof user)) {
        bool has_password = take_part(url, CURLUPART_PASSWORD, password, sizeof password);
        (void)snprintf(out->credentials, sizeof out->credentials, "%s:%s", user,
                       has_password ? password : "");
    }
    (void)curl_url_set(url, CURLUPART_USER, NULL, 0);
    (void)curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
    char *clean = NULL;
    good = good && curl_url_get(url, CURLUPART_URL, &clean, 0) == CURLUE_OK;
    if (good)
        (void)snprintf(out->url, sizeof out->url, "%s", clean);
    size_t length = strlen(out->url);
    if (length && out->url[length - 1] == '/')
        out->url[length - 1] = '\0';
    curl_free(clean);
    curl_url_cleanup(url);
    return good;
}

static struct slice trim(struct slice text)
{
    while (text.length && text.bytes[0] == ' ') {
        text.bytes++;
        text.length--;
    }
    while (text.length && text.bytes[text.length - 1] == ' ')
        text.length--;
    return text;
}

static enum status read_addresses(const struct registry_options *options, struct http *http,
                                  char *detail)
{
    struct slice rest = slice_of(options->url);
    while (rest.length) {
        struct slice one;
        rest = slice_split(rest, ',', &one);
        one = trim(one);
        if (!one.length)
            continue;
        if (http->address_count == REGISTRY_ADDRESSES_MAX) {
            (void)snprintf(detail, DETAIL_BYTES, "schema.registry.url: more than %d addresses",
                           REGISTRY_ADDRESSES_MAX);
            return STATUS_REFUSED;
        }
        struct address *address = &http->addresses[http->address_count];
        if (!read_address(one, address)) {
            (void)snprintf(detail, DETAIL_BYTES,
                           "schema.registry.url: address %zu is not http(s)://host[:port][/path]",
                           http->address_count + 1);
            return STATUS_REFUSED;
        }
        if (is_given(options->basic))
            (void)snprintf(address->credentials, sizeof address->credentials, "%s", options->basic);
        http->address_count++;
    }
    if (http->address_count)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "schema.registry.url: no address in it");
    return STATUS_REFUSED;
}

static enum status check_files(const struct registry_options *options, char *detail)
{
    const char *const files[] = {options->ca_location, options->certificate_location,
                                 options->key_location};
    static const char *const names[] = {"ssl.ca.location", "ssl.certificate.location",
                                        "ssl.key.location"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!is_given(files[i]) || access(files[i], R_OK) == 0)
            continue;
        (void)snprintf(detail, DETAIL_BYTES, "schema.registry.%s: %s cannot be read", names[i],
                       files[i]);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static void add_header(struct http *http, const char *header)
{
    http->headers = curl_slist_append(http->headers, header);
    if (!http->headers)
        abort();
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *answer)
{
    struct buffer *out = answer;
    if (out->length + size * count > HTTP_ANSWER_BYTES_MAX)
        return 0;
    buffer_append(out, bytes, size * count);
    return size * count;
}

static void set_text(CURL *curl, CURLoption option, const char *text)
{
    if (is_given(text) && curl_easy_setopt(curl, option, text) != CURLE_OK)
        abort();
}

static void configure(struct http *http, const struct registry_options *options)
{
    CURL *curl = http->curl;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->curl_error);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, http->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    set_text(curl, CURLOPT_CAINFO, options->ca_location);
    set_text(curl, CURLOPT_SSLCERT, options->certificate_location);
    set_text(curl, CURLOPT_SSLKEY, options->key_location);
    set_text(curl, CURLOPT_KEYPASSWD, options->key_password);
    add_header(http, "Accept: application/vnd.schemaregistry.v1+json, application/json");
    add_header(http, "Content-Type: application/vnd.schemaregistry.v1+json");
    add_header(http, "Expect:");
    if (is_given(options->bearer_token)) {
        struct buffer header = {0};
        buffer_printf(&header, "Authorization: Bearer %s", options->bearer_token);
        add_header(http, header.bytes);
        buffer_deinit(&header);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, http->headers);
}

enum status http_open(const struct registry_options *options, struct http **out, char *detail)
{
    struct http *http = calloc(1, sizeof *http);
    if (!http)
        abort();
    enum status status = read_addresses(options, http, detail);
    if (!status)
        status = check_files(options, detail);
    if (status) {
        http_free(http);
        return status;
    }
    http->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_DEFAULT_MS;
    http->curl = curl_easy_init();
    if (!http->curl)
        abort();
    configure(http, options);
    *out = http;
    return STATUS_OK;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    curl_easy_cleanup(http->curl);
    curl_slist_free_all(http->headers);
    free(http);
}

/* --- asking --- */

static const char *what_to_do(long code)
{
    if (code == 403)
        return "these credentials may not do this; grant it, or use others "
               "(basic.auth.user.info, bearer token)";
    return "it wants other credentials; set basic.auth.user.info or a bearer token";
}

static enum status judge_code(const struct http *http, const char *path, long code, char *detail)
{
    const char *url = http->addresses[http->current].url;
    if (code == 401 || code == 403 || code == 407) {
        (void)snprintf(detail, DETAIL_BYTES, "the schema registry %s refused %s with %ld: %s", url,
                       path, code, what_to_do(code));
        return STATUS_REFUSED;
    }
    if (code >= 500 || code == 429 || code == 408) {
        (void)snprintf(detail, DETAIL_BYTES, "the schema registry %s answered %ld to %s", url, code,
                       path);
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

static enum status judge_failure(const struct http *http, CURLcode failure, char *detail)
{
    bool is_certificate = failure == CURLE_PEER_FAILED_VERIFICATION ||
                          failure == CURLE_SSL_CERTPROBLEM || failure == CURLE_SSL_CACERT_BADFILE;
    const char *reason = *http->curl_error ? http->curl_error : curl_easy_strerror(failure);
    (void)snprintf(
        detail, DETAIL_BYTES, "the schema registry %s %s: %s", http->addresses[http->current].url,
        is_certificate ? "cannot be trusted (see ssl.ca.location)" : "does not answer", reason);
    return is_certificate ? STATUS_REFUSED : STATUS_UNAVAILABLE;
}

static enum status ask(struct http *http, const char *path, struct slice body, long *out_code,
                       struct buffer *answer, char *detail)
{
    const struct address *address = &http->addresses[http->current];
    struct buffer url = {0};
    buffer_printf(&url, "%s%s", address->url, path);
    buffer_append_byte(&url, '\0');
    buffer_reset(answer);
    *http->curl_error = '\0';
    CURL *curl = http->curl;
    curl_easy_setopt(curl, CURLOPT_URL, url.bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_USERPWD, *address->credentials ? address->credentials : NULL);
    if (body.length) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.length);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.bytes);
    } else {
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    }
    CURLcode failure = curl_easy_perform(curl);
    buffer_deinit(&url);
    if (failure)
        return judge_failure(http, failure, detail);
    long code = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    enum status status = judge_code(http, path, code, detail);
    if (!status)
        *out_code = code;
    return status;
}

enum status http_request(struct http *http, const char *path, struct slice body, long *out_code,
                         struct buffer *answer, char *detail)
{
    enum status status = STATUS_UNAVAILABLE;
    for (size_t i = 0; i < http->address_count && status == STATUS_UNAVAILABLE; i++) {
        if (i > 0)
            http->current = (http->current + 1) % http->address_count;
        status = ask(http, path, body, out_code, answer, detail);
    }
    return status;
}

void http_append_escaped(struct buffer *out, const char *text)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-._~";
    for (; *text; text++) {
        if (strchr(unreserved, *text))
            buffer_append_byte(out, *text);
        else
            buffer_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

const char *http_address(const struct http *http)
{
    return http->addresses[http->current].url;
}
