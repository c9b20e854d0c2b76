"""What Redis holds, as libs/redis/README.md tells its readers: the only place of the judge that knows
these keys."""
import datetime
import json
import re
from fractions import Fraction

import redis

FIGURES = ("measure", "goal", "attainment", "earned", "payable")
SAME = ("currency", "sequence", "pending", "held", "plan_version")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def literally(text):
    return re.sub(r"([*?\[\]\\^-])", r"\\\1", text)


def key_of(field):
    parts = field.split("/")
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in parts)


def values(text):
    said = json.loads(text)
    found = {name: None if said[name] is None else Fraction(said[name]) for name in FIGURES}
    found.update({name: said[name] for name in SAME})
    found["step_reached"] = said["step"]
    found["as_of"] = EPOCH + datetime.timedelta(milliseconds=said["as_of"])
    return found


def entries(url, prefix, settings, find):
    """{(participant, plan, component, window): {field of attainment: value}}."""
    found, generations = {}, set()
    with redis.Redis.from_url(url, decode_responses=True) as client:
        for key in client.scan_iter(literally(prefix) + "milepost:{attainment:*}"):
            hash_now = client.hgetall(key)
            generations.add(hash_now.pop("#header", " ").split(" ")[0])
            for field, text in hash_now.items():
                if len(key_of(field)) != 4 or key_of(field) in found:
                    find("redis", f"{key} has the field {field}")
                    continue
                found[key_of(field)] = values(text)
    if len(generations) > 1 or "" in generations:
        find("redis", f"headers name the generations {sorted(generations)}")
    return found
