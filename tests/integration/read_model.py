"""What Redis holds, as libs/redis/README.md tells its readers: the only place of the judge that knows
these keys."""
import redis


def entries(url, prefix, settings, find):
    """{(participant, plan, component, window): {field of attainment: value}}."""
    raise NotImplementedError
