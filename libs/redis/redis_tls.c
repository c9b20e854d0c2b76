#include "redis/redis_tls.h"

#include <assert.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 16384 };

struct redis_tls {
    SSL_CTX *settings;
    SSL *session;
    bool has_certificate;
    bool has_heard; /* the server has answered a command of this session */
};

/* --- settings --- */

static bool is_given(const char *name)
{
    return name && name[0];
}

static enum status refuse(const char *key, const char *file, char *detail)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    (void)snprintf(detail, DETAIL_BYTES, "%s: %s: %s", key, file,
                   reason ? reason : "it cannot be used");
    return STATUS_REFUSED;
}

static enum status use_files(SSL_CTX *settings, const struct redis_tls_files *files, char *detail)
{
    ERR_clear_error();
    if (is_given(files->certificate) != is_given(files->key)) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "redis.ssl.cert and redis.ssl.key go together; set both or neither");
        return STATUS_REFUSED;
    }
    if (is_given(files->ca) && SSL_CTX_load_verify_file(settings, files->ca) != 1)
        return refuse("redis.ssl.ca", files->ca, detail);
    if (!is_given(files->ca) && SSL_CTX_set_default_verify_paths(settings) != 1)
        return refuse("redis.ssl.ca", "the system's authorities", detail);
    if (!is_given(files->certificate))
        return STATUS_OK;
    if (SSL_CTX_use_certificate_chain_file(settings, files->certificate) != 1)
        return refuse("redis.ssl.cert", files->certificate, detail);
    if (SSL_CTX_use_PrivateKey_file(settings, files->key, SSL_FILETYPE_PEM) != 1)
        return refuse("redis.ssl.key", files->key, detail);
    return STATUS_OK;
}

enum status redis_tls_new(const struct redis_tls_files *files, struct redis_tls **out, char *detail)
{
    struct redis_tls *tls = calloc(1, sizeof *tls);
    assert(tls);
    tls->settings = SSL_CTX_new(TLS_client_method());
    assert(tls->settings);
    (void)SSL_CTX_set_min_proto_version(tls->settings, TLS1_2_VERSION);
    SSL_CTX_set_verify(tls->settings, SSL_VERIFY_PEER, NULL);
    tls->has_certificate = is_given(files->certificate);
    enum status status = use_files(tls->settings, files, detail);
    if (status) {
        redis_tls_free(tls);
        return status;
    }
    *out = tls;
    return STATUS_OK;
}

void redis_tls_free(struct redis_tls *tls)
{
    if (!tls)
        return;
    redis_tls_close(tls);
    SSL_CTX_free(tls->settings);
    free(tls);
}

/* --- a connection --- */

static void fail(redisContext *link, const char *why)
{
    link->err = REDIS_ERR_IO;
    (void)snprintf(link->errstr, sizeof link->errstr, "TLS: %s", why);
}

/* What a call that returned `result` <= 0 came to; errno is still that of the call. */
static const char *reason_of(const struct redis_tls *tls, int result)
{
    int number = errno;
    int kind = SSL_get_error(tls->session, result);
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
        return "no answer in time";
    if (kind == SSL_ERROR_SSL && reason)
        return reason;
    return kind == SSL_ERROR_SYSCALL && number ? strerror(number)
                                               : "the server closed the connection";
}

/* In TLS 1.3 a server that misses our certificate says so behind the handshake, and what it said
 * may be lost with the connection. */
static void explain(const struct redis_tls *tls, redisContext *link, int result)
{
    char why[sizeof link->errstr];
    bool may_want_ours = !tls->has_heard && !tls->has_certificate;
    (void)snprintf(why, sizeof why, "%.64s%s", reason_of(tls, result),
                   may_want_ours ? "; does it want a certificate? redis.ssl.cert" : "");
    fail(link, why);
}

/* The reason that helps is the certificate's, where there is one. */
static void explain_handshake(const struct redis_tls *tls, redisContext *link, int result)
{
    long verdict = SSL_get_verify_result(tls->session);
    if (verdict == X509_V_OK) {
        fail(link, reason_of(tls, result));
        return;
    }
    bool is_name =
        verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH;
    char why[sizeof link->errstr];
    (void)snprintf(why, sizeof why, "%s; %s", X509_verify_cert_error_string(verdict),
                   is_name ? "redis.url has another name than the certificate"
                           : "redis.ssl.ca must be its authority");
    fail(link, why);
}

/* An address is compared with the certificate's addresses, a name with its names. */
static bool expect_name(SSL *session, const char *host)
{
    X509_VERIFY_PARAM *expected = SSL_get0_param(session);
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host) == 1)
        return true;
    ERR_clear_error();
    void *name = (void *)(uintptr_t)host; /* SSL_set_tlsext_host_name() casts const away */
    return SSL_set1_host(session, host) == 1 && SSL_set_tlsext_host_name(session, name) == 1;
}

enum status redis_tls_open(struct redis_tls *tls, redisContext *link, const char *host)
{
    assert(!tls->session);
    tls->has_heard = false;
    tls->session = SSL_new(tls->settings);
    assert(tls->session);
    ERR_clear_error();
    if (!expect_name(tls->session, host) || SSL_set_fd(tls->session, link->fd) != 1) {
        fail(link, "the host's name cannot be checked");
        return STATUS_UNAVAILABLE;
    }
    errno = 0;
    int result = SSL_connect(tls->session);
    if (result == 1)
        return STATUS_OK;
    explain_handshake(tls, link, result);
    return STATUS_UNAVAILABLE;
}

void redis_tls_close(struct redis_tls *tls)
{
    SSL_free(tls->session);
    tls->session = NULL;
}

/* --- commands --- */

static bool send_all(const struct redis_tls *tls, redisContext *link, const char *bytes,
                     size_t length)
{
    size_t sent;
    ERR_clear_error();
    errno = 0;
    int result = SSL_write_ex(tls->session, bytes, length, &sent);
    if (result != 1)
        explain(tls, link, result);
    return result == 1;
}

static bool receive(struct redis_tls *tls, redisContext *link)
{
    char bytes[READ_BYTES];
    size_t length;
    ERR_clear_error();
    errno = 0;
    int result = SSL_read_ex(tls->session, bytes, sizeof bytes, &length);
    if (result != 1) {
        explain(tls, link, result);
        return false;
    }
    tls->has_heard = true;
    if (redisReaderFeed(link->reader, bytes, length) == REDIS_OK)
        return true;
    fail(link, link->reader->errstr);
    return false;
}

redisReply *redis_tls_command(struct redis_tls *tls, redisContext *link, size_t count,
                              const char **words, const size_t *lengths)
{
    char *command = NULL;
    long long length = redisFormatCommandArgv(&command, (int)count, words, lengths);
    assert(length > 0);
    bool is_sent = send_all(tls, link, command, (size_t)length);
    redisFreeCommand(command);
    void *reply = NULL;
    while (is_sent && !reply) {
        if (redisReaderGetReply(link->reader, &reply) != REDIS_OK) {
            fail(link, link->reader->errstr);
            return NULL;
        }
        if (!reply && !receive(tls, link))
            return NULL;
    }
    return reply;
}
