"""Verify a proof of a drawing by lot: python3 verify_draw.py PROOF.json

Written from docs/draw-proof.md alone, with nothing but the standard library. Exit status 0: the proof is good; 1: it is not, and why.
"""
import hashlib
import hmac
import json
import re
import sys


def H(kind, *fields):
    out = hashlib.sha256()
    for field in ("lieux-draw-1/" + kind, *fields):
        if isinstance(field, int):
            field = str(field)
        if isinstance(field, str):
            field = field.encode("utf-8")
        out.update(len(field).to_bytes(4, "big") + field)
    return out.digest()


def texts(items):
    return (len(items), *items)


def unhex(s):
    need(re.fullmatch("[0-9a-f]{64}", s), f"{s!r} is no hash")
    return bytes.fromhex(s)


def root(leaves):
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def need(holds, why):
    if not holds:
        sys.exit("not good: " + why)


def keys(thing, must, may=()):
    need(set(must) <= set(thing) <= set(must) | set(may), f"keys {sorted(thing)}")


def no_doubles(pairs):
    need(len(dict(pairs)) == len(pairs), "a key stands twice")
    return dict(pairs)


def ceremony(steps, pool_hash):
    """Returns the words in the order of their numbers, and the dice."""
    also = {"pool-shown": [], "word-committed": ["commitment"], "word-revealed": ["number", "word", "salt"],
            "word-dropped": ["number"], "dice-thrown": ["dice"]}
    committed, revealed, dropped, dice, before = [], {}, set(), None, ""
    for i, s in enumerate(steps):
        name = s.get("step")
        need(name in also, f"step {i + 1} is unknown")
        keys(s, ["step", "at"] + also[name])
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", s["at"]) and s["at"] >= before, f"hour of step {i + 1}")
        before = s["at"]
        need((name == "pool-shown") == (i == 0), f"step {i + 1}: the pool is shown first, and once")
        need(dice is None, "something comes after the dice")
        kept = len(committed) - len(dropped)
        if name == "word-committed":
            need(not revealed and len(committed) < 50 and s["commitment"] not in committed, f"step {i + 1}: commitment out of order")
            committed.append(s["commitment"])
        elif name in ("word-revealed", "word-dropped"):
            n = s["number"]
            need(1 <= n <= len(committed) and n not in revealed and n not in dropped, f"step {i + 1}: word {n}")
            if name == "word-dropped":
                dropped.add(n)
                continue
            need(kept >= 2 and 1 <= len(s["word"]) <= 60, f"step {i + 1}: too few words, or no word")
            need(H("word", pool_hash, unhex(s["salt"]), s["word"]).hex() == committed[n - 1], f"word {n} is not the one committed")
            revealed[n] = s["word"]
        elif name == "dice-thrown":
            need(len(revealed) == kept >= 2, "the dice come before the words")
            need(5 <= len(s["dice"]) <= 100 and all(d in range(1, 7) for d in s["dice"]), "dice")
            dice = s["dice"]
    need(dice is not None, "no dice")
    return [revealed[n] for n in sorted(revealed)], dice


def seats(size, wanted, gone):
    return [r for r in range(1, size + 1) if r not in gone][:wanted]


def verify(p):
    keys(p, ["format", "version", "pool", "leaves", "ceremony", "seed", "opened", "departures", "digest"])
    need(p["format"] == "lieux-draw-proof" and p["version"] == 1, "format")
    pool = p["pool"]
    keys(pool, ["title", "source", "effective", "substitutes", "size", "root", "excluded", "hash"])
    wanted = pool["effective"] + pool["substitutes"]
    need(pool["effective"] >= 1 and pool["substitutes"] >= 0 and wanted <= 500, "seats")
    need(wanted <= pool["size"] == len(p["leaves"]) <= 100_000, "size of the pool")
    leaves = [unhex(leaf) for leaf in p["leaves"]]
    need(all(a < b for a, b in zip(leaves, leaves[1:])), "leaves out of order")
    need(root(leaves) == unhex(pool["root"]), "root")
    fields = [pool["title"], pool["source"], pool["effective"], pool["substitutes"], pool["size"], root(leaves), len(pool["excluded"])]
    for e in pool["excluded"]:
        keys(e, ["leaf", "reasons"])
        fields += [unhex(e["leaf"]), *texts(e["reasons"])]
    pool_hash = H("pool", *fields)
    need(pool_hash == unhex(pool["hash"]), "hash of the pool")

    words, dice = ceremony(p["ceremony"], pool_hash)
    seed = H("seed", pool_hash, *texts(words), len(dice), *dice)
    need(seed == unhex(p["seed"]), "seed")
    order = sorted(leaves, key=lambda leaf: (hmac.new(seed, leaf, "sha256").digest(), leaf))

    gone, day, seated = set(), "", set(seats(pool["size"], wanted, ()))
    for d in p["departures"]:
        keys(d, ["rank", "on", "ground"])
        need(1 <= d["rank"] <= pool["size"] and d["rank"] not in gone and d["on"] >= day, "departures")
        need(d["ground"] in ("refused", "withdrew", "conflict"), "ground of a departure")
        gone.add(d["rank"])
        day = d["on"]
        seated |= set(seats(pool["size"], wanted, gone))

    need([o.get("rank") for o in p["opened"]] == sorted(seated), "the persons named are not those who had a seat")
    digest = ["lieux-draw-proof", 1, pool_hash, len(p["ceremony"])]
    for s in p["ceremony"]:
        digest += [s["step"], s["at"]]
        digest += [unhex(s["commitment"])] if "commitment" in s else []
        digest += [s["number"]] if "number" in s else []
        digest += [s["word"], unhex(s["salt"])] if "word" in s else []
        digest += [len(s["dice"]), *s["dice"]] if "dice" in s else []
    digest += [seed, len(p["opened"])]
    for o in p["opened"]:
        if "erased" in o:
            keys(o, ["rank", "erased"])
            digest += [o["rank"], o["erased"], "", "", "", 0, bytes(32)]
            continue
        keys(o, ["rank", "person", "name", "salt"], ["own", "bodies"])
        own, bodies, salt = "own" if o.get("own") else "", o.get("bodies", []), unhex(o["salt"])
        leaf = H("member", salt, o["person"], o["name"], own, *texts(bodies))
        need(leaf == order[o["rank"] - 1] and (own or bodies), f"rank {o['rank']} is not {o['name']}")
        digest += [o["rank"], "", o["person"], o["name"], own, *texts(bodies), salt]
    digest.append(len(p["departures"]))
    for d in p["departures"]:
        digest += [d["rank"], d["on"], d["ground"]]
    need(H("proof", *digest) == unhex(p["digest"]), "digest of the document")
    return [o.get("name", "[erased]") for o in p["opened"]]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as f:
        print("good: " + ", ".join(verify(json.load(f, object_pairs_hook=no_doubles))))
