"""A broker and a Redis as in production: TLS with certificates of an authority of their own, users with
passwords, and at the broker rights. Beside that the broker keeps its plain port on loopback, whose
anonymous user may do everything: for whoever judges."""
import functools
import os

from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType,
                                   AdminClient, ResourcePatternType, ResourceType,
                                   ScramCredentialInfo, ScramMechanism,
                                   UserScramCredentialUpsertion)

import kafka_reader
from free_port import free_port
from scene import Broker, Redis, support

PROPERTIES = """listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},SECURE://127.0.0.1:{secure}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SECURE://localhost:{secure}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location={certificates}/server-both.pem
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.secure.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required {plain};
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""


class SecureBroker(Broker):
    def __init__(self, folder, certificates, plain):
        super().__init__(folder)
        self.secure = free_port()
        self.ca = os.path.join(certificates, "ca.pem")
        self.secure_servers = f"localhost:{self.secure}"
        users = " ".join(f'user_{name}="{password}"' for name, password in plain.items())
        os.makedirs(folder)
        with open(os.path.join(folder, "more.properties"), "w", encoding="utf-8") as file:
            file.write(PROPERTIES.format(
                port=self.port, controller=self.port + 1, secure=self.secure,
                certificates=certificates, plain=users))

    @functools.cached_property
    def admin(self):
        return AdminClient({"bootstrap.servers": self.servers, **kafka_reader.QUIET})

    def add_scram_user(self, name, password):
        change = UserScramCredentialUpsertion(
            name, ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password.encode())
        for done in self.admin.alter_user_scram_credentials([change]).values():
            done.result()

    def allow(self, user, kind, prefix, *operations):
        """`kind` (TOPIC, GROUP, TRANSACTIONAL_ID) of all names that begin with `prefix`."""
        rights = [AclBinding(ResourceType[kind], prefix, ResourcePatternType.PREFIXED,
                             f"User:{user}", "*", AclOperation[operation], AclPermissionType.ALLOW)
                  for operation in operations]
        for done in self.admin.create_acls(rights).values():
            done.result()

    def forbid(self, user, kind, prefix, operation):
        """Takes such a right away again."""
        right = AclBindingFilter(ResourceType[kind], prefix, ResourcePatternType.PREFIXED,
                                 f"User:{user}", "*", AclOperation[operation],
                                 AclPermissionType.ALLOW)
        for done in self.admin.delete_acls([right]).values():
            assert done.result(), f"{user} had no right to {operation} {prefix}"


class SecureRedis(Redis):
    def __init__(self, folder, certificates, password):
        super().__init__(folder)
        self.certificates, self.password, self.port = certificates, password, free_port()
        self.url = f"unix://:{password}@{folder}/redis.sock"
        self.secure_url = f"rediss://localhost:{self.port}"
        self.plain_url = f"redis://localhost:{self.port}"

    def start(self):
        at = self.certificates
        support("redis", "start", self.folder, "0", "--tls-port", str(self.port),
                "--tls-cert-file", f"{at}/server.pem", "--tls-key-file", f"{at}/server.key",
                "--tls-ca-cert-file", f"{at}/ca.pem", "--tls-auth-clients", "no",
                "--requirepass", self.password)


def started(folder, plain, redis_password):
    """Both, for users {name: password} of the mechanism PLAIN."""
    certificates = os.path.join(folder, "certificates")
    support("certificates", certificates)
    broker = SecureBroker(os.path.join(folder, "kafka"), certificates, plain)
    redis = SecureRedis(os.path.join(folder, "redis"), certificates, redis_password)
    broker.start()
    redis.start()
    return broker, redis
