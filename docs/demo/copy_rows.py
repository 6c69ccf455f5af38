"""Copies the guests from PostgreSQL into Redis, each reached by its service's name. An ordinary program of the host."""

import psycopg2
import redis

postgres = psycopg2.connect(host="postgres", port=5432, user="app", dbname="app")
cache = redis.Redis(host="redis", port=6379, decode_responses=True)

with postgres, postgres.cursor() as rows:
    rows.execute("select id, name from guest order by id")
    for number, name in rows:
        cache.hset("guests", number, name)

print(f"{cache.hlen('guests')} guests are in Redis now: {', '.join(cache.hvals('guests'))}")
