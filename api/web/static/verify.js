/* Checks an evidence file in the reader's own browser: the same checks, in the same order, as ledger/verify.
   daodiVerify(bytes, policy, options) resolves to {ok, marks, ...}. Needs BigInt; signatures are checked by
   WebCrypto where it knows Ed25519, by the code below in older web views and on plain http. */
"use strict";
var daodiVerify = (function () {
  const CHECKS = ["form", "checkpoint", "entries", "inclusion", "keys", "signatures", "chains", "complete",
    "code", "disclosures"];
  const MAX = Number.MAX_SAFE_INTEGER, GENESIS = "0".repeat(64);
  const no = () => { throw new Error("refused"); };
  const need = (condition) => condition || no();

  // Bytes
  const utf8 = (text) => new TextEncoder().encode(text);
  const hex = (bytes) => Array.from(bytes, (byte) => (256 + byte).toString(16).slice(1)).join("");
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return all;
  };
  const decoded = (text) => {
    const raw = atob(text);
    need(btoa(raw) === text);
    return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  };
  const hashes = (text) => {
    const raw = decoded(text);
    need(raw.length % 32 === 0);
    return Array.from({length: raw.length / 32}, (_, at) => raw.subarray(32 * at, 32 * at + 32));
  };
  const number = (bytes) => BigInt("0x" + (hex(bytes) || "0"));
  const little = (bytes) => number(bytes.slice().reverse());

  // SHA-2 (FIPS 180-4): its constants are the first bits of the roots of the first primes
  const root = (n, k) => {
    let x = 1n << BigInt(Math.ceil(n.toString(2).length / Number(k)));
    for (;;) {
      const y = ((k - 1n) * x + n / x ** (k - 1n)) / k;
      if (y >= x) return x;
      x = y;
    }
  };
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const M64 = (1n << 64n) - 1n;
  const K = primes.map((prime) => root(BigInt(prime) << 192n, 3n) & M64);
  const H = primes.slice(0, 8).map((prime) => root(BigInt(prime) << 128n, 2n) & M64);
  const high = (list) => list.map((word) => Number(word >> 32n) | 0);
  const K32 = high(K), H32 = high(H);
  const padded = (message, block) => {
    const length = Math.ceil((message.length + 1 + block / 8) / block) * block, all = new Uint8Array(length);
    all.set(message);
    all[message.length] = 128;
    new DataView(all.buffer).setUint32(length - 8, message.length / 2 ** 29);
    new DataView(all.buffer).setUint32(length - 4, message.length << 3);
    return new DataView(all.buffer);
  };
  const sha256 = (message) => {
    const view = padded(message, 64), state = H32.slice(), w = new Int32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < view.byteLength; at += 64) {
      for (let t = 0; t < 64; t++) {
        if (t < 16) { w[t] = view.getInt32(at + 4 * t); continue; }
        const a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + w[t - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 64; t++) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K32[t] + w[t]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
    }
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  };
  const sha512 = (message) => {
    const view = padded(message, 128);
    const turn = (x, n) => ((x >> n) | (x << (64n - n))) & M64;
    let state = H;
    for (let at = 0; at < view.byteLength; at += 128) {
      const w = [];
      for (let t = 0; t < 16; t++)
        w.push((BigInt(view.getUint32(at + 8 * t)) << 32n) | BigInt(view.getUint32(at + 8 * t + 4)));
      for (let t = 16; t < 80; t++) {
        const a = w[t - 15], b = w[t - 2];
        w.push((w[t - 16] + w[t - 7] + (turn(a, 1n) ^ turn(a, 8n) ^ (a >> 7n))
          + (turn(b, 19n) ^ turn(b, 61n) ^ (b >> 6n))) & M64);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 80; t++) {
        const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & M64 & g)) + K[t] + w[t];
        const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = (d + one) & M64; d = c; c = b; b = a; a = (one + two) & M64;
      }
      state = [a, b, c, d, e, f, g, h].map((word, i) => (state[i] + word) & M64);
    }
    return state.reduce((sum, word) => (sum << 64n) | word, 0n).toString(16).padStart(128, "0");
  };

  // Ed25519 (RFC 8032, section 5.1.7), the cofactorless equation, so that every verifier agrees
  const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (n) => ((n % P) + P) % P;
  const power = (base, exponent) => {
    let result = 1n;
    for (base = mod(base); exponent; exponent >>= 1n) {
      if (exponent & 1n) result = (result * base) % P;
      base = (base * base) % P;
    }
    return result;
  };
  const D = mod(-121665n * power(121666n, P - 2n)), I = power(2n, (P - 1n) / 4n);
  const add = ([a, b, c, d], [e, f, g, h]) => {
    const m = (b - a) * (f - e) % P, n = (b + a) * (f + e) % P, t = 2n * D * d % P * h % P, z = 2n * c * g % P;
    const x = n - m, y = z - t, u = z + t, v = n + m;
    return [x * y % P, u * v % P, y * u % P, x * v % P];
  };
  const point = (key) => {
    const whole = little(key), y = whole & ((1n << 255n) - 1n), top = mod(y * y - 1n), bottom = mod(D * y * y + 1n);
    const square = top * power(bottom, P - 2n) % P;
    let x = power(square, (P + 3n) / 8n);
    if (mod(x * x - square)) x = x * I % P;
    if (mod(x * x - square)) return null;
    if ((x & 1n) !== whole >> 255n) x = P - x;
    return [x, y, 1n, x * y % P];
  };
  const ORDER8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
  const LOW = [0n, 1n, P - 1n, ORDER8, P - ORDER8];
  const safe = (key) => {
    const y = little(key) & ((1n << 255n) - 1n);
    return key.length === 32 && y < P && !LOW.includes(y);
  };
  const BASE = new Uint8Array(32).fill(0x66);
  BASE[0] = 0x58;
  const plain = (key, message, signature) => {
    const public_ = point(key), base = point(BASE);
    if (!public_) return false;
    const [x, y, z, t] = public_, minus = [P - x, y, z, P - t], both = add(base, minus);
    const s = little(signature.subarray(32)), digest = sha512(join(signature.subarray(0, 32), key, message));
    const k = little(Uint8Array.from(digest.match(/../g), (pair) => parseInt(pair, 16))) % L;
    let sum = [0n, 1n, 1n, 0n];
    for (let bit = 252n; bit >= 0n; bit--) {
      sum = add(sum, sum);
      const which = Number((s >> bit) & 1n) + 2 * Number((k >> bit) & 1n);
      if (which) sum = add(sum, [base, minus, both][which - 1]);
    }
    const inverse = power(sum[2], P - 2n), end = mod(sum[0] * inverse);
    return little(signature.subarray(0, 32)) === (mod(sum[1] * inverse) | ((end & 1n) << 255n));
  };
  const ED = {name: "Ed25519"};
  const imported = (key) => crypto.subtle.importKey("raw", key, ED, false, ["verify"]);
  let native = null;
  const hasNative = () => native || (native = (async () => {
    try { return Boolean(await imported(BASE)); } catch (_) { return false; }
  })());
  const holds = async (key, message, signature, fallback) => {
    if (!safe(key) || signature.length !== 64 || little(signature.subarray(32)) >= L) return false;
    if (fallback || !(await hasNative())) return plain(key, message, signature);
    try {
      return await crypto.subtle.verify(ED, await imported(key), signature, message);
    } catch (_) {
      return false; // not a point of the curve
    }
  };

  // JSON in its one canonical form (docs/ledger-format.md, section 1)
  const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u;
  const quoted = (text) => (need(!FORBIDDEN.test(text)), '"' + text.replace(/["\\]/g, "\\$&") + '"');
  const write = (value, depth) => {
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "string") return quoted(value);
    if (typeof value === "number") return need(Number.isSafeInteger(value)) && String(value);
    need(depth < 8);
    if (Array.isArray(value)) return "[" + value.map((part) => write(part, depth + 1)).join(",") + "]";
    return "{" + Object.keys(value).sort().map((name) => {
      need(/^[\x20-\x7e]*$/.test(name));
      return quoted(name) + ":" + write(value[name], depth + 1);
    }).join(",") + "}";
  };
  const read = (bytes) => {
    const text = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes), value = JSON.parse(text);
    need(write(value, 0) === text);
    return value;
  };
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const members = (value, names) => {
    const wanted = names.split(" ");
    need(isObject(value) && Object.keys(value).length === wanted.length && wanted.every((name) => name in value));
    return value;
  };
  const text = (value) => need(typeof value === "string") && value;
  const matching = (value, form) => need(form.test(text(value))) && value;
  const count = (value) => { need(Number.isSafeInteger(value) && value >= 0); return value; };
  const list = (value) => need(Array.isArray(value)) && value;
  const HASH = /^[0-9a-f]{64}$/;

  // The tree: one joint proof for many leaves
  const leafHash = (leaf) => sha256(join([0], leaf));
  const rootFrom = (leaves, size, proof) => {
    const wanted = Array.from(leaves.keys()).sort((a, b) => a - b), rest = proof.slice();
    need(wanted.length && wanted[wanted.length - 1] < size && size <= MAX);
    const walk = (begin, end, some) => {
      if (!some.length) return need(rest.length) && rest.shift();
      if (end - begin === 1) return leaves.get(begin);
      let width = 1;
      while (width * 2 < end - begin) width *= 2;
      const middle = begin + width, left = walk(begin, middle, some.filter((at) => at < middle));
      return sha256(join([1], left, walk(middle, end, some.filter((at) => at >= middle))));
    };
    const found = walk(0, size, wanted);
    need(!rest.length);
    return hex(found);
  };

  // Notes and policies
  const NAME = /^[^\s+\u0000-\u001f\u007f\u0085\ufeff]+$/;
  const verifierKey = (vkey, type) => {
    const [, name, hash, encoded] = need(vkey.match(/^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/));
    const typed = decoded(encoded), raw = typed.subarray(1);
    need(NAME.test(name) && typed[0] === type && safe(raw));
    need(hex(sha256(join(utf8(name + "\n"), typed)).subarray(0, 4)) === hash);
    return {name, hash, raw};
  };
  const readPolicy = (policy) => {
    const logs = [], witnesses = new Map(), groups = new Map(), listed = new Set(), raws = new Set();
    let quorum = null;
    const known = (name) => witnesses.has(name) || groups.has(name);
    const fresh = (key) => { need(!raws.has(hex(key.raw))); raws.add(hex(key.raw)); return key; };
    const named = (name) => { need(name !== "none" && !known(name)); return name; };
    need(!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(policy));
    for (const line of policy.split("\n")) {
      const words = line.split(/[ \t]+/).filter(Boolean), [kind, name, third] = words, n = words.length;
      if (!n || kind[0] === "#") continue;
      if (kind === "log" && n >= 2 && n <= 3) logs.push(fresh(verifierKey(name, 1)));
      else if (kind === "witness" && n >= 3 && n <= 4) witnesses.set(named(name), fresh(verifierKey(third, 4)));
      else if (kind === "group" && n >= 4) {
        const parts = words.slice(3);
        for (const part of parts) { need(known(part) && !listed.has(part)); listed.add(part); }
        const needed = third === "all" ? parts.length : third === "any" ? 1 : Number(matching(third, /^[1-9]\d{0,3}$/));
        need(needed <= parts.length);
        groups.set(named(name), {needed, parts});
      } else {
        need(kind === "quorum" && n === 2 && quorum === null && (name === "none" || known(name)));
        quorum = name;
      }
    }
    need(quorum !== null && logs.length);
    const met = (by, name) => {
      if (witnesses.has(name)) return by.has(name);
      if (!groups.has(name)) return true;
      return groups.get(name).parts.filter((part) => met(by, part)).length >= groups.get(name).needed;
    };
    return {logs, witnesses, met: (by) => met(by, quorum)};
  };
  const openCheckpoint = async (lines, policy, fallback) => {
    const middle = lines.lastIndexOf(""), body = lines.slice(0, middle), note = body.join("\n") + "\n";
    need(middle > 0 && !lines.join("").includes("\n"));
    const signatures = lines.slice(middle + 1).map((line) => {
      const parts = line.split(" "), raw = decoded(text(parts[2]));
      need(parts.length === 3 && parts[0] === "\u2014" && NAME.test(parts[1]) && raw.length >= 5);
      return {name: parts[1], hash: hex(raw.subarray(0, 4)), raw: raw.subarray(4)};
    });
    need(signatures.length >= 1 && signatures.length <= 16 && body.length >= 3 && !body.includes(""));
    const [origin, digits, encoded] = body, size = Number(matching(digits, /^(0|[1-9]\d{0,15})$/));
    need(size <= MAX && decoded(encoded).length === 32);
    const by = (key) => signatures.filter((line) => line.name === key.name && line.hash === key.hash);
    let signed = 0;
    for (const key of policy.logs) {
      for (const line of by(key)) {
        need(await holds(key.raw, utf8(note), line.raw, fallback));
        signed += key.name === origin;
      }
    }
    need(signed);
    const seen = new Map();
    for (const [name, key] of policy.witnesses) {
      for (const line of by(key)) {
        const time = number(line.raw.subarray(0, 8));
        need(line.raw.length === 72 && time > 0n && time <= BigInt(MAX));
        need(await holds(key.raw, utf8(`cosignature/v1\ntime ${time}\n${note}`), line.raw.subarray(8), fallback));
        seen.set(name, Math.max(Number(time), seen.get(name) || 0));
      }
    }
    need(policy.met(seen));
    const names = Array.from(seen.keys()).sort();
    return {origin, size, root: hex(decoded(encoded)), witnesses: names,
      seen_s: names.length ? Math.min(...seen.values()) : null};
  };

  // Entries (docs/ledger-format.md, sections 2 to 4)
  const ID = /^[\x21-\x7e]{1,200}$/;
  const SUBJECT = new RegExp("^[^\\s\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    + "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8"
    + "\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]{1,200}$", "u");
  const STATEMENT = "actor at_ms digests id kind log public refs subject v";
  const readLeaf = (index, leaf) => {
    const raw = utf8(leaf), taken = read(raw), own = isObject(taken) && "sig" in taken;
    need(raw.length <= 65535);
    members(taken, STATEMENT + " prev seq " + (own ? "sig" : "manifest place"));
    need(taken.v === 1 && isObject(taken.public));
    const digests = list(taken.digests);
    digests.forEach((digest) => matching(digest, /^[A-Za-z0-9_-]{43}$/));
    need(digests.slice().sort().join() === digests.join());
    list(taken.refs).forEach((ref) => matching(ref, ID));
    matching(taken.id, ID); matching(taken.kind, /^[a-z][a-z0-9._-]{0,63}$/); matching(taken.subject, SUBJECT);
    matching(taken.actor, /^[0-9a-f]{32}$/); matching(taken.prev, HASH);
    text(taken.log); count(taken.at_ms); count(taken.seq);
    const signature = own ? decoded(text(taken.sig)) : null;
    need(!own || signature.length === 64);
    if (!own) { matching(taken.manifest, ID); count(taken.place); }
    const statement = {};
    STATEMENT.split(" ").forEach((name) => { statement[name] = taken[name]; });
    return Object.assign(taken, {index, hashed: leafHash(raw), signature, statement: utf8(write(statement, 0))});
  };

  // Keys (section 7)
  const LOG_ONLY = ["log.key.added", "log.key.retired", "subjects.indexed"];
  const CHANGES = ["key.rotated", "key.revoked", "log.key.added", "log.key.retired"];
  const takeKey = (known, leaf) => {
    const said = leaf.public;
    if (leaf.kind === "key.registered") {
      members(said, "algorithm holder key");
      const raw = decoded(text(said.key));
      need(leaf.id === "key.registered/" + leaf.actor && leaf.subject === "key/" + leaf.actor && leaf.signature
        && !leaf.digests.length && !leaf.refs.length && said.algorithm === "Ed25519" && text(said.holder)
        && hex(sha256(raw)).slice(0, 32) === leaf.actor && !known.has(leaf.actor) && safe(raw));
      known.set(leaf.actor, {raw, holder: said.holder, isLog: leaf.index === 0, ended: false});
      return known.get(leaf.actor);
    }
    const counting = (id) => { const key = known.get(id); need(key && !key.ended); return key; };
    const signer = counting(leaf.actor);
    need(signer.isLog || !LOG_ONLY.includes(leaf.kind));
    if (CHANGES.includes(leaf.kind)) {
      const cut = leaf.id.indexOf("/"), id = leaf.id.slice(cut + 1), about = counting(id), own = signer === about;
      let right;
      if (leaf.kind === "key.rotated") {
        right = own && text(members(said, "successor").successor) !== id && !about.isLog
          && counting(said.successor).holder === about.holder;
      } else if (leaf.kind === "key.revoked") {
        matching(members(said, "key reason").reason, /^[a-z][a-z0-9-]{0,63}$/);
        right = said.key === id && (own || signer.isLog) && !about.isLog;
      } else {
        right = members(said, "key").key === id && about.isLog === (leaf.kind === "log.key.retired") && !own
          && (about.isLog || about.holder === leaf.log);
      }
      const subject = leaf.kind.startsWith("log.") ? "log/keys" : "key/" + id;
      need(right && leaf.id.slice(0, cut) === leaf.kind && leaf.subject === subject && leaf.signature
        && !leaf.digests.length && !leaf.refs.length);
      if (leaf.kind === "log.key.added") about.isLog = true; else about.ended = true;
    }
    return signer;
  };

  // The checks
  const parseFile = (bytes) => {
    need(bytes.length <= 8000000);
    const file = members(read(bytes), "checkpoint code complete disclosures entries format hashes");
    need(file.format === "daodi-evidence@v1");
    list(file.checkpoint).forEach(text);
    file.proof = hashes(text(file.hashes));
    list(file.entries).forEach((entry, at) => {
      const vouched = isObject(entry) && "path" in entry;
      members(entry, vouched ? "index leaf path" : "index leaf").vouched = vouched;
      need(count(entry.index) > (at ? file.entries[at - 1].index : -1));
      text(entry.leaf);
      if (vouched) entry.path = hashes(text(entry.path));
    });
    need(file.entries.length >= 1 && file.entries.length <= 4096);
    if (file.complete !== null) {
      const {entry, heads} = members(file.complete, "entry hashes heads");
      count(entry);
      file.complete.proof = hashes(text(file.complete.hashes));
      list(heads).forEach((head) => {
        members(head, "count head place subject");
        text(head.subject); count(head.place); count(head.count); matching(head.head, HASH);
      });
      need(new Set(heads.map((head) => head.subject)).size === heads.length);
      need(new Set(heads.map((head) => head.place)).size === heads.length);
    }
    if (file.code !== null) {
      members(file.code, "code issued path place step");
      text(file.code.code); count(file.code.issued); count(file.code.place); count(file.code.step);
      file.code.proof = hashes(text(file.code.path));
    }
    list(file.disclosures).forEach((each) => { text(members(each, "disclosure index").disclosure); count(each.index); });
    return file;
  };
  const complete = (file, at, chains) => {
    const leaf = at.get(file.complete.entry);
    need(leaf && leaf.kind === "subjects.indexed");
    const said = members(leaf.public, "count root size"), size = count(said.size), left = new Map();
    need(size <= leaf.index);
    for (const {subject, place, count: n, head} of file.complete.heads)
      left.set(place, leafHash(utf8(write([subject, n, head], 0))));
    count(said.count); matching(said.root, HASH);
    need(rootFrom(left, said.count, file.complete.proof) === said.root);
    const heads = new Map(file.complete.heads.map((head) => [head.subject, head]));
    for (const subject of new Set([...chains.keys(), ...heads.keys()])) {
      const below = (chains.get(subject) || []).filter((each) => each.index < size), head = heads.get(subject);
      if (head) need(below.length && head.count === below.length && head.head === hex(below[below.length - 1].hashed));
      else need(!below.length || !/^(lot\/|key\/|log\/keys)/.test(subject));
    }
    return size;
  };
  const check = async (bytes, policyText, options) => {
    const fallback = Boolean(options && options.fallback), marks = {}, known = new Map(), chains = new Map();
    let file, head, leaves, at, keys, completeTo = null, lot = null, failed = null;
    const steps = {
      form: () => { file = parseFile(bytes); },
      checkpoint: async () => { head = await openCheckpoint(file.checkpoint, readPolicy(policyText), fallback); },
      entries: () => {
        leaves = file.entries.map((entry) => readLeaf(entry.index, entry.leaf));
        at = new Map(leaves.map((leaf) => [leaf.index, leaf]));
        need(leaves.every((leaf) => leaf.log === head.origin));
        need(new Set(leaves.map((leaf) => leaf.id)).size === leaves.length);
      },
      inclusion: () => {
        const hashed = new Map(leaves.map((leaf) => [leaf.index, leaf.hashed]));
        need(rootFrom(hashed, head.size, file.proof) === head.root);
      },
      keys: () => { keys = leaves.map((leaf) => takeKey(known, leaf)); },
      signatures: async () => {
        const byId = new Map(leaves.map((leaf) => [leaf.id, leaf]));
        for (const [i, leaf] of leaves.entries()) {
          if (leaf.signature) {
            const length = new Uint8Array(8);
            new DataView(length.buffer).setUint32(4, leaf.statement.length);
            const input = join(utf8("daodi/statement/v1\n"), length, leaf.statement);
            need(!file.entries[i].vouched && await holds(keys[i].raw, input, leaf.signature, fallback));
            continue;
          }
          const by = byId.get(leaf.manifest);
          need(by && by.kind === "manifest" && by.signature && by.index < leaf.index && by.actor === leaf.actor
            && by.id.startsWith("manifest/") && by.subject === by.id && !by.digests.length && !by.refs.length
            && !/^(manifest$|(key|log|subjects)\.)/.test(leaf.kind) && file.entries[i].vouched);
          members(by.public, "count root");
          matching(by.public.root, HASH);
          need(count(by.public.count) <= 10000);
          const place = new Map([[leaf.place, leafHash(leaf.statement)]]);
          need(rootFrom(place, count(by.public.count), file.entries[i].path) === by.public.root);
        }
      },
      chains: () => {
        for (const leaf of leaves) {
          if (/^(codes\/|log\/subjects)/.test(leaf.subject)) continue;
          const before = chains.get(leaf.subject) || [], last = before[before.length - 1];
          need(leaf.seq === before.length && leaf.prev === (last ? hex(last.hashed) : GENESIS));
          chains.set(leaf.subject, before.concat(leaf));
        }
      },
      complete: () => file.complete === null || (completeTo = complete(file, at, chains), false),
      code: () => {
        if (file.code === null) return true;
        const issued = at.get(file.code.issued), step = at.get(file.code.step), {code, place, proof} = file.code;
        need(issued && step && issued.kind === "codes.issued" && /^[0-9A-Z]{1,64}$/.test(code));
        const {count: n, root} = issued.public;
        matching(root, HASH);
        need(rootFrom(new Map([[place, leafHash(utf8(code))]]), count(n), proof) === root);
        need(step.kind === "step" && step.refs.includes(issued.id) && issued.index < step.index);
        need(keys[leaves.indexOf(issued)].holder === keys[leaves.indexOf(step)].holder);
        lot = step.subject;
      },
      disclosures: () => {
        for (const {index, disclosure} of file.disclosures) {
          matching(disclosure, /^[A-Za-z0-9_-]+$/);
          const padded = disclosure.replace(/-/g, "+").replace(/_/g, "/") + "===".slice(0, -disclosure.length & 3);
          const parts = list(read(decoded(padded)));
          need(parts.length === 3);
          text(parts[0]); text(parts[1]);
          const digest = btoa(String.fromCharCode(...sha256(utf8(disclosure))));
          need(at.has(index) && at.get(index).digests.includes(digest.replace(/\+/g, "-").replace(/\//g, "_").slice(0, 43)));
        }
        return !file.disclosures.length;
      },
    };
    for (const name of CHECKS) {
      if (failed) { marks[name] = "not-reached"; continue; }
      try {
        marks[name] = (await steps[name]()) === true ? "not-shown" : "holds";
      } catch (_) {
        failed = name;
        marks[name] = "fails";
      }
    }
    const ok = !failed;
    const holders = {};
    if (ok) leaves.forEach((leaf, i) => { holders[leaf.index] = keys[i].holder; });
    const shown = ok ? file.code : null;
    return {ok, failed, marks, head: head || null, code: shown && shown.code, lot, holders,
      packed: shown && at.get(shown.step).id,
      serial: shown && at.get(shown.issued).public.first_serial + shown.place,
      complete_to: ok ? completeTo : null, leaves: ok ? leaves : []};
  };
  check.parts = {sha256: (bytes) => hex(sha256(bytes)), sha512, holds, hasNative};
  return check;
})();
